namespace GenModels.Tests.Models;

/// <summary>The losses' terms and what logits say as probabilities, one logit at a time in double precision.</summary>
internal static class ScalarGanLosses
{
    public static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));

    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    // softplus(l) − t·l = softplus(−l) + (1 − t)·l, which loses nothing where l is large; so does −σ(−l) for σ(l) − 1.
    public static (double Loss, double Slope) OfReal(GanObjective objective, double l, double target) => objective switch
    {
        GanObjective.LeastSquares => (0.5 * (l - target) * (l - target), l - target),
        GanObjective.Wasserstein => (-l, -1),
        GanObjective.Hinge => (Hinge(-l), l < 1 ? -1 : 0),
        _ => (Softplus(-l) + (1 - target) * l, 1 - target - Sigmoid(-l)),
    };

    public static (double Loss, double Slope) OfGenerated(GanObjective objective, double l) => objective switch
    {
        GanObjective.LeastSquares => (0.5 * l * l, l),
        GanObjective.Wasserstein => (l, 1),
        GanObjective.Hinge => (Hinge(l), l > -1 ? 1 : 0),
        _ => (Softplus(l), Sigmoid(l)),
    };

    public static (double Loss, double Slope) OfGenerator(GanObjective objective, double l) => objective switch
    {
        GanObjective.Saturating => (-Softplus(l), -Sigmoid(l)),
        GanObjective.NonSaturating => (Softplus(-l), -Sigmoid(-l)),
        GanObjective.LeastSquares => (0.5 * (l - 1) * (l - 1), l - 1),
        _ => (-l, -1),
    };

    public static Judgement Judge(GanObjective objective, float[] logits)
    {
        double threshold = objective == GanObjective.LeastSquares ? 0.5 : 0;
        double[] l = [.. logits.Select(v => (double)v)];
        double above = l.Average(v => v > threshold ? 1 : 0), below = l.Average(v => v < threshold ? 1 : 0);
        return objective switch
        {
            GanObjective.Wasserstein => new(null, null, null, null, null),
            GanObjective.Hinge => new(null, null, null, above, below),
            GanObjective.LeastSquares => new(l.Average(v => Math.Clamp(v, 0, 1)), null, null, above, below),
            _ => new(l.Average(Sigmoid), -l.Average(v => Softplus(-v)), -l.Average(Softplus), above, below),
        };
    }

    private static double Hinge(double l) => l <= -1 ? 0 : 1 + l;
}
