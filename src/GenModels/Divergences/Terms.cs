using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// The contribution of one outcome to each measure, on the outcome's own scale: each is homogeneous, so that it scales as the probabilities do.
/// </summary>
internal static class Terms
{
    /// <summary>a·log(a/b) − a + b: zero for equal inputs, never negative, and summing to a·log(a/b) where both sum to 1.</summary>
    public static double KullbackLeibler(Outcome o)
    {
        if (o.A == 0) return o.B;
        return o.IsNear ? o.A * Elementary.XMinusLog1P(o.RelativeDifference) : o.Difference - o.A * o.LogRatio;
    }

    /// <summary>½[a·log(a/m) + b·log(b/m)] with m = ½(a + b).</summary>
    public static double JensenShannon(Outcome o)
    {
        double sum = o.A + o.B;
        if (sum == 0) return 0;
        double x = Math.Abs(o.Difference) / sum;
        if (x <= 0.5) return sum / 2 * Elementary.EntropyDeficit(x);
        double small = Math.Min(o.A, o.B), large = Math.Max(o.A, o.B), ratio = small / sum * 2;
        // A ratio that underflows belongs to a term that is nothing beside the other.
        return ((ratio == 0 ? 0 : small * Math.Log(ratio)) + large * Math.Log(large / sum * 2)) / 2;
    }

    /// <summary>(b − a)·log(b/a).</summary>
    public static double Jeffreys(Outcome o) => o.Difference == 0 ? 0 : o.Difference * o.LogRatio;

    /// <summary>(√b − √a)².</summary>
    public static double Hellinger(Outcome o)
    {
        if (o.Difference == 0) return 0;
        double root = o.Difference / (Math.Sqrt(o.A) + Math.Sqrt(o.B));
        return root * root;
    }

    /// <summary>
    /// aᵅ·bᵝ − α·a − β·b with α + β = 1 and α ≥ ½, which has one sign for each α (the inequality of the means) and so does not cancel in a sum.
    /// </summary>
    public static double Renyi(Outcome o, double alpha, double beta)
    {
        // Also where a underflows beside b, and α·a and aᵅ·bᵝ with it.
        if (o.A == 0) return -beta * o.B;
        double log = o.LogRatio;
        if (double.IsNegativeInfinity(log)) return beta < 0 ? double.PositiveInfinity : -alpha * o.A;
        return o.IsNear
            ? o.A * (Elementary.ExpM1MinusX(beta * log) - beta * Elementary.XMinusLog1P(o.RelativeDifference))
            : o.A * Elementary.ExpM1(beta * log) - beta * o.Difference;
    }
}
