using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// The contribution of one outcome to each measure. <c>a</c> and <c>b</c> are the outcome's probabilities under p and q on a common scale,
/// and <c>difference</c> is b − a, which the caller knows better than the rounded a and b do.
/// </summary>
internal static class Terms
{
    private const double SmallestRatio = 1e-300, LargestRatio = 1e300;

    /// <summary>a·log(a/b) − a + b: zero for equal inputs, never negative, and summing to a·log(a/b) where both sum to 1.</summary>
    public static double KullbackLeibler(double a, double b, double difference)
    {
        if (a == 0) return b;
        if (b == 0) return double.PositiveInfinity;
        double t = difference / a;
        return IsNear(t) ? a * Elementary.XMinusLog1P(t) : difference - a * LogRatio(a, b, difference);
    }

    /// <summary>½[a·log(a/m) + b·log(b/m)] with m = ½(a + b).</summary>
    public static double JensenShannon(double a, double b, double difference)
    {
        double sum = a + b;
        if (sum == 0) return 0;
        double x = Math.Abs(difference) / sum;
        if (x <= 0.5) return sum / 2 * Elementary.EntropyDeficit(x);
        double small = Math.Min(a, b), large = Math.Max(a, b), ratio = small / sum * 2;
        // A ratio that underflows belongs to a term that is nothing beside the other.
        return ((ratio == 0 ? 0 : small * Math.Log(ratio)) + large * Math.Log(large / sum * 2)) / 2;
    }

    /// <summary>(b − a)·log(b/a).</summary>
    public static double Jeffreys(double a, double b, double difference)
    {
        if (difference == 0) return 0;
        return a == 0 || b == 0 ? double.PositiveInfinity : difference * LogRatio(a, b, difference);
    }

    /// <summary>(√b − √a)².</summary>
    public static double Hellinger(double a, double b, double difference)
    {
        if (difference == 0) return 0;
        double root = difference / (Math.Sqrt(a) + Math.Sqrt(b));
        return root * root;
    }

    /// <summary>
    /// aᵅ·bᵝ − α·a − β·b with α + β = 1, which has one sign for each α (the inequality of the means) and so does not cancel in a sum.
    /// </summary>
    public static double Renyi(double a, double b, double difference, double alpha, double beta)
    {
        if (a == 0) return -beta * b;
        if (b == 0) return beta < 0 ? double.PositiveInfinity : -alpha * a;
        double log = LogRatio(a, b, difference), t = difference / a;
        return IsNear(t)
            ? a * (Elementary.ExpM1MinusX(beta * log) - beta * Elementary.XMinusLog1P(t))
            : a * Elementary.ExpM1(beta * log) - beta * difference;
    }

    /// <summary>log(b/a) for positive a and b.</summary>
    public static double LogRatio(double a, double b, double difference)
    {
        double t = difference / a;
        if (IsNear(t)) return Elementary.Log1P(t);
        double ratio = b / a;
        return ratio is >= SmallestRatio and <= LargestRatio ? Math.Log(ratio) : Math.Log(b) - Math.Log(a);
    }

    private static bool IsNear(double t) => t is >= -0.5 and <= 1;
}
