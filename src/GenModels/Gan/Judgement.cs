namespace GenModels;

/// <summary>What the logits that a discriminator gives to one side, real or generated, say as probabilities D.</summary>
/// <param name="Mean">The mean of D.</param>
/// <param name="MeanLog">The mean of log D, in nats.</param>
/// <param name="MeanLogRest">The mean of log(1 − D), in nats.</param>
/// <param name="PartAbove">The part with D above ½.</param>
/// <param name="PartBelow">The part with D below ½.</param>
internal readonly record struct Judgement(double Mean, double MeanLog, double MeanLogRest, double PartAbove, double PartBelow)
{
    /// <summary>How near to 0 and 1 a probability comes that is not computed from a logit.</summary>
    public const double Edge = 1e-6;

    public static Judgement Of(GanObjective objective, ReadOnlySpan<float> logits)
    {
        double mean = 0, log = 0, rest = 0, above = 0, below = 0;
        foreach (float raw in logits)
        {
            double l = Logit(objective, raw);
            mean += GanLosses.Sigmoid(l);
            log -= GanLosses.Softplus(-l);
            rest -= GanLosses.Softplus(l);
            if (l > 0) above++;
            if (l < 0) below++;
        }
        int n = logits.Length;
        return new(mean / n, log / n, rest / n, above / n, below / n);
    }

    // The least-squares discriminator estimates the probability itself.
    private static double Logit(GanObjective objective, double raw)
    {
        if (objective != GanObjective.LeastSquares) return raw;
        double p = Math.Clamp(raw, Edge, 1 - Edge);
        return Math.Log(p / (1 - p));
    }
}
