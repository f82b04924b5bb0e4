using GenModels.Kernels;

namespace GenModels;

/// <summary>The losses of a GAN's two networks over the discriminator's logits, with their gradients in closed form. Means over logits.</summary>
/// <remarks>
/// Single precision, as the logits are: what exceeds its range, such as a squared logit beyond 1.8·10¹⁹, is infinite. A logit that is NaN makes
/// the loss NaN.
/// </remarks>
public static class GanLosses
{
    /// <summary>The discriminator's loss.</summary>
    /// <param name="objective">
    /// With softplus(l) = log(1 + eˡ), r the logits of real and f those of generated examples, t the target:
    /// both minimax objectives softplus(r) − t·r + softplus(f), which for t = 1 is −log D(x) − log(1 − D(G(z))), in nats;
    /// least squares ½(r − t)² + ½f²; Wasserstein f − r; hinge max(0, 1 − r) + max(0, 1 + f).
    /// </param>
    /// <param name="real">The logits of real examples, at least one.</param>
    /// <param name="generated">The logits of generated examples, at least one.</param>
    /// <param name="realGradient">Receives the loss's derivative by each logit of <paramref name="real"/>.</param>
    /// <param name="generatedGradient">Receives the loss's derivative by each logit of <paramref name="generated"/>.</param>
    /// <param name="realTarget">
    /// t: below 1 for one-sided label smoothing (Salimans et al. 2016, section 3.4). Wasserstein and hinge have no targets and ignore it.
    /// </param>
    /// <returns>The mean over <paramref name="real"/> plus the mean over <paramref name="generated"/>.</returns>
    /// <exception cref="ArgumentException">There are no logits, a gradient has another length than its logits, or the objective is unknown.</exception>
    public static double Discriminator(
        GanObjective objective, ReadOnlySpan<float> real, ReadOnlySpan<float> generated, Span<float> realGradient, Span<float> generatedGradient,
        double realTarget = 1)
    {
        Guard.Defined(objective);
        return OfReal(objective, real, realGradient, realTarget) + OfGenerated(objective, generated, generatedGradient);
    }

    /// <summary>The generator's loss.</summary>
    /// <param name="objective">
    /// With f the logits of generated examples: saturating −softplus(f) = log(1 − D(G(z))), non-saturating softplus(−f) = −log D(G(z)), both in
    /// nats; least squares ½(f − 1)²; Wasserstein and hinge −f.
    /// </param>
    /// <param name="generated">The logits of generated examples, at least one.</param>
    /// <param name="gradient">Receives the loss's derivative by each logit.</param>
    /// <returns>The mean over <paramref name="generated"/>.</returns>
    /// <exception cref="ArgumentException">There are no logits, the gradient has another length, or the objective is unknown.</exception>
    public static double Generator(GanObjective objective, ReadOnlySpan<float> generated, Span<float> gradient)
    {
        Guard.Defined(objective);
        return objective switch
        {
            GanObjective.Saturating => Mean(new SaturatingTerm(), generated, gradient),
            GanObjective.NonSaturating => Mean(new NonSaturatingTerm(), generated, gradient),
            GanObjective.LeastSquares => Mean(new LeastSquaresTerm(1), generated, gradient),
            _ => Mean(new LinearTerm(-1), generated, gradient),
        };
    }

    /// <summary>
    /// The loss of a discriminator that can't tell the two sides apart and says so of every example: with the probability ½, or the margin 0. Null for
    /// the Wasserstein objective, whose loss has no scale on which to be far from that of a constant.
    /// </summary>
    internal static double? OfIndifference(GanObjective objective, double realTarget)
    {
        if (objective == GanObjective.Wasserstein) return null;
        float undecided = objective == GanObjective.LeastSquares ? 0.5f : 0;
        return Discriminator(objective, [undecided], [undecided], new float[1], new float[1], realTarget);
    }

    private static double OfReal(GanObjective objective, ReadOnlySpan<float> logits, Span<float> gradient, double target) => objective switch
    {
        GanObjective.LeastSquares => Mean(new LeastSquaresTerm((float)target), logits, gradient),
        GanObjective.Wasserstein => Mean(new LinearTerm(-1), logits, gradient),
        GanObjective.Hinge => Mean(new HingeTerm(-1), logits, gradient),
        _ => Mean(new RealTerm((float)(1 - target)), logits, gradient),
    };

    private static double OfGenerated(GanObjective objective, ReadOnlySpan<float> logits, Span<float> gradient) => objective switch
    {
        GanObjective.LeastSquares => Mean(new LeastSquaresTerm(0), logits, gradient),
        GanObjective.Wasserstein => Mean(new LinearTerm(1), logits, gradient),
        GanObjective.Hinge => Mean(new HingeTerm(1), logits, gradient),
        _ => Mean(new GeneratedTerm(), logits, gradient),
    };

    private static double Mean<TTerm>(TTerm term, ReadOnlySpan<float> logits, Span<float> gradient) where TTerm : struct, ILogitTerm
    {
        if (logits.Length == 0) throw new ArgumentException("There are no logits, expected at least one.", nameof(logits));
        if (gradient.Length != logits.Length)
            throw new ArgumentException($"The gradient has room for {gradient.Length} values, expected {logits.Length}: one for each logit.", nameof(gradient));
        return LogitLoss.SumAndGradient(term, logits, gradient, 1.0 / logits.Length) / logits.Length;
    }
}
