namespace GenModels;

/// <summary>The figures of one step of a <see cref="Gan"/>, from the discriminator's logits on one batch of real and of generated examples.</summary>
/// <remarks>
/// D(x) = σ(l) for the logit l; for the least-squares objective, whose logit estimates the probability itself, l held within [10⁻⁶, 1 − 10⁻⁶].
/// With packing D judges packs of examples.
/// </remarks>
/// <param name="DiscriminatorLoss">The discriminator's loss; 2·log 2 where a minimax objective is at its equilibrium.</param>
/// <param name="GeneratorLoss">The generator's loss, at the generator's own step where there was one.</param>
/// <param name="Penalty">The gradient penalties that the discriminator minimises beside its loss.</param>
/// <param name="Value">V(D, G) = mean log D(x) + mean log(1 − D(G(z))), in nats.</param>
/// <param name="MeanReal">The mean of D(x), in [0, 1].</param>
/// <param name="MeanGenerated">The mean of D(G(z)), in [0, 1].</param>
/// <param name="AccuracyReal">The part of the real examples with D(x) above ½.</param>
/// <param name="AccuracyGenerated">The part of the generated examples with D(G(z)) below ½.</param>
/// <param name="DiscriminatorGradientNorm">The length of the gradient of loss and penalty by the discriminator's weights; null in an evaluation.</param>
/// <param name="GeneratorGradientNorm">
/// The length of the gradient of the generator's loss by its weights at its last step, 0 before the first; null in an evaluation.
/// </param>
public sealed record GanMetrics(
    double DiscriminatorLoss, double GeneratorLoss, double Penalty, double Value, double MeanReal, double MeanGenerated,
    double AccuracyReal, double AccuracyGenerated, double? DiscriminatorGradientNorm, double? GeneratorGradientNorm) : IMetrics
{
    /// <summary>What the discriminator minimises: its loss and the penalties.</summary>
    public double Loss => DiscriminatorLoss + Penalty;

    /// <summary>
    /// (V + log 4)/2, in nats: below JS(p_data, p_g) in the mean, and equal to it for the optimal discriminator (Goodfellow et al. 2014,
    /// theorem 1).
    /// </summary>
    public double JensenShannon => (Value + Math.Log(4)) / 2;

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Named
    {
        get
        {
            yield return ("loss", Loss);
            yield return ("discriminator_loss", DiscriminatorLoss);
            yield return ("generator_loss", GeneratorLoss);
            yield return ("penalty", Penalty);
            yield return ("value", Value);
            yield return ("js", JensenShannon);
            yield return ("mean_real", MeanReal);
            yield return ("mean_generated", MeanGenerated);
            yield return ("accuracy_real", AccuracyReal);
            yield return ("accuracy_generated", AccuracyGenerated);
            if (DiscriminatorGradientNorm is { } d) yield return ("discriminator_gradient", d);
            if (GeneratorGradientNorm is { } g) yield return ("generator_gradient", g);
        }
    }
}
