namespace GenModels;

/// <summary>The figures of one step of a <see cref="Gan"/>, from the discriminator's logits on one batch of real and of generated examples.</summary>
/// <remarks>
/// <para>
/// What a logit l says depends on the objective, and figures that mean nothing under an objective are null and not among <see cref="Named"/>.
/// Under both minimax objectives D(x) = σ(l) estimates the probability that x is real, and everything but <paramref name="Wasserstein"/> is
/// there. Under least squares l estimates that probability itself, so D(x) is l held within [0, 1]; it may be 0 or 1, so there is no V. The
/// hinge loss makes only the sign of l an answer, which leaves the accuracies. Under the Wasserstein objective l has no zero:
/// only <paramref name="Wasserstein"/> is there.
/// </para>
/// <para>With packing D judges packs of examples.</para>
/// </remarks>
/// <param name="DiscriminatorLoss">The discriminator's loss; 2·log 2 where a minimax objective is at its equilibrium.</param>
/// <param name="GeneratorLoss">The generator's loss, at the generator's own step where there was one.</param>
/// <param name="Penalty">The gradient penalties that the discriminator minimizes beside its loss.</param>
/// <param name="Value">V(D, G) = mean log D(x) + mean log(1 − D(G(z))), in nats; of the minimax objectives.</param>
/// <param name="Wasserstein">
/// The mean logit of real examples less that of generated ones, of the Wasserstein objective: its estimate of the distance
/// W₁(p_data, p_g), in units of the data (Arjovsky et al. 2017, equation 2). That is an estimate as far as the gradient penalty keeps the
/// discriminator's slope near 1, and too low before the discriminator has been trained to its optimum.
/// </param>
/// <param name="MeanReal">The mean of D(x), in [0, 1]; of the minimax and least-squares objectives.</param>
/// <param name="MeanGenerated">The mean of D(G(z)), in [0, 1]; of the minimax and least-squares objectives.</param>
/// <param name="AccuracyReal">The share of the real examples that the discriminator takes for real, in [0, 1]; not of the Wasserstein objective.</param>
/// <param name="AccuracyGenerated">The share of the generated examples that it takes for generated, in [0, 1]; not of the Wasserstein objective.</param>
/// <param name="DiscriminatorGradientNorm">The length of the gradient of loss and penalty by the discriminator's weights; null in an evaluation.</param>
/// <param name="GeneratorGradientNorm">
/// The length of the gradient of the generator's loss by its weights at its last step, 0 before the first; null in an evaluation.
/// </param>
public sealed record GanMetrics(
    double DiscriminatorLoss, double GeneratorLoss, double Penalty, double? Value, double? Wasserstein, double? MeanReal, double? MeanGenerated,
    double? AccuracyReal, double? AccuracyGenerated, double? DiscriminatorGradientNorm, double? GeneratorGradientNorm) : IMetrics
{
    /// <summary>What the discriminator minimizes: its loss and the penalties.</summary>
    public double Loss => DiscriminatorLoss + Penalty;

    /// <summary>
    /// (V + log 4)/2, in nats: below JS(p_data, p_g) in the mean, and equal to it for the optimal discriminator (Goodfellow et al. 2014,
    /// theorem 1). Null where <see cref="Value"/> is.
    /// </summary>
    public double? JensenShannon => (Value + Math.Log(4)) / 2;

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Named => All.Where(f => f.Value is not null).Select(f => (f.Name, f.Value.GetValueOrDefault()));

    private IEnumerable<(string Name, double? Value)> All =>
    [
        ("loss", Loss),
        ("discriminator_loss", DiscriminatorLoss),
        ("generator_loss", GeneratorLoss),
        ("penalty", Penalty),
        ("value", Value),
        ("js", JensenShannon),
        ("wasserstein", Wasserstein),
        ("mean_real", MeanReal),
        ("mean_generated", MeanGenerated),
        ("accuracy_real", AccuracyReal),
        ("accuracy_generated", AccuracyGenerated),
        ("discriminator_gradient", DiscriminatorGradientNorm),
        ("generator_gradient", GeneratorGradientNorm),
    ];

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine(Named);
}
