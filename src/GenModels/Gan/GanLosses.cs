namespace GenModels;

/// <summary>The losses of a GAN's two networks over the discriminator's logits, with their gradients in closed form. Means over logits.</summary>
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
        return Mean(real, realGradient, l => OfReal(objective, l, realTarget)) + Mean(generated, generatedGradient, l => OfGenerated(objective, l));
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
        return Mean(generated, gradient, l => OfGenerator(objective, l));
    }

    internal static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    internal static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    private static (double Loss, double Slope) OfReal(GanObjective objective, double l, double target) => objective switch
    {
        GanObjective.LeastSquares => (0.5 * (l - target) * (l - target), l - target),
        GanObjective.Wasserstein => (-l, -1),
        GanObjective.Hinge => (Hinge(-l), l < 1 ? -1 : 0),
        // softplus(l) − l = softplus(−l), which loses nothing where l is large.
        _ => (Softplus(-l) + (1 - target) * l, Sigmoid(l) - target),
    };

    private static (double Loss, double Slope) OfGenerated(GanObjective objective, double l) => objective switch
    {
        GanObjective.LeastSquares => (0.5 * l * l, l),
        GanObjective.Wasserstein => (l, 1),
        GanObjective.Hinge => (Hinge(l), l > -1 ? 1 : 0),
        _ => (Softplus(l), Sigmoid(l)),
    };

    private static (double Loss, double Slope) OfGenerator(GanObjective objective, double l) => objective switch
    {
        GanObjective.Saturating => (-Softplus(l), -Sigmoid(l)),
        GanObjective.NonSaturating => (Softplus(-l), -Sigmoid(-l)),
        GanObjective.LeastSquares => (0.5 * (l - 1) * (l - 1), l - 1),
        _ => (-l, -1),
    };

    // A NaN stays one, so that a loss shows it.
    private static double Hinge(double l) => l <= -1 ? 0 : 1 + l;

    private static double Mean(ReadOnlySpan<float> logits, Span<float> gradient, Func<double, (double Loss, double Slope)> term)
    {
        if (logits.Length == 0) throw new ArgumentException("There are no logits, expected at least one.", nameof(logits));
        if (gradient.Length != logits.Length)
            throw new ArgumentException($"The gradient has room for {gradient.Length} values, expected {logits.Length}: one for each logit.", nameof(gradient));
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            var (loss, slope) = term(logits[i]);
            sum += loss;
            gradient[i] = (float)(slope / logits.Length);
        }
        return sum / logits.Length;
    }
}
