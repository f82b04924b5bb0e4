using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// The probabilities a and b of one outcome under p and q, both times 2^−Exponent, and their difference, which the caller knows more precisely
/// than the rounded A and B tell it.
/// </summary>
/// <param name="A">a; 0 also where it is less than b by more than a double's range.</param>
/// <param name="B">b, likewise.</param>
/// <param name="Difference">b − a.</param>
/// <param name="Exponent">The power of two that both are measured in.</param>
/// <param name="FarLogRatio">log(b/a) where A and B do not tell it, since they are too far apart.</param>
internal readonly record struct Outcome(double A, double B, double Difference, int Exponent = 0, double? FarLogRatio = null)
{
    // The quotient of two numbers that are closer than this is neither infinite nor subnormal.
    private const int FarApart = 900;

    private const double SmallestRatio = 1e-300, LargestRatio = 1e300;

    private static readonly double Log2 = Math.Log(2);

    /// <summary>b/a − 1.</summary>
    public double RelativeDifference => Difference / A;

    /// <summary>Whether a and b are so close that series about a = b serve.</summary>
    public bool IsNear => RelativeDifference is >= -0.5 and <= 1;

    /// <summary>log(b/a): −∞ where b alone is 0, and +∞ where a alone is.</summary>
    public double LogRatio
    {
        get
        {
            if (FarLogRatio is { } far) return far;
            if (IsNear) return Elementary.Log1P(RelativeDifference);
            double ratio = B / A;
            return ratio is >= SmallestRatio and <= LargestRatio ? Math.Log(ratio) : Math.Log(B) - Math.Log(A);
        }
    }

    public static Outcome Of(ScaledNumber a, ScaledNumber b)
    {
        bool both = !a.IsZero && !b.IsZero;
        int exponent = both ? Math.Max(a.Exponent, b.Exponent) : a.IsZero ? b.Exponent : a.Exponent;
        int gap = b.Exponent - a.Exponent;
        double? far = both && Math.Abs(gap) > FarApart ? Math.Log(b.High / a.High) + gap * Log2 : null;
        var ((high, low), (otherHigh, otherLow)) = (a.At(exponent), b.At(exponent));
        return new(high, otherHigh, otherHigh - high + (otherLow - low), exponent, far);
    }
}
