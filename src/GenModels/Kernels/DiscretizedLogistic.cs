using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>
/// The probability that a logistic distribution gives one of 256 levels in [−1, 1]: that of the interval around the level, half a step to each side, of
/// which the lowest begins at −∞ and the highest ends at +∞ (Salimans et al. 2017, equation 2).
/// </summary>
/// <remarks>
/// With a = (t − μ + 1/255)/s and b = (t − μ − 1/255)/s the difference of the two cumulative probabilities is σ(a)·σ(−b)·(1 − e^−(a−b)), a product of
/// which no factor cancels, wherever t lies: so its logarithm is exact where the difference vanishes, and needs no approximation by the density.
/// </remarks>
internal static class DiscretizedLogistic
{
    /// <summary>The least logarithm of a scale; what is below counts as it.</summary>
    public const float LeastLogScale = -7;

    /// <summary>Half the step from one level to the next.</summary>
    public const float HalfStep = 1f / 255;

    // Between the levels beside the ends, so that rounding moves no level across.
    private const float Lowest = -1 + HalfStep, Highest = 1 - HalfStep;

    private const float LogTwo = 0.693147181f, LogStep = -4.8481164f;

    /// <summary>The logarithm, and its slopes by μ and log s.</summary>
    /// <param name="t">The level, in [−1, 1].</param>
    /// <param name="mean">μ.</param>
    /// <param name="logScale">log s.</param>
    /// <param name="byMean">∂/∂μ.</param>
    /// <param name="byLogScale">∂/∂log s, 0 below the least.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T t, T mean, T logScale, out T byMean, out T byLogScale) where T : unmanaged, ILanes<T>
    {
        var (zero, one, half, least) = (T.Broadcast(0), T.Broadcast(1), T.Broadcast(HalfStep), T.Broadcast(LeastLogScale));
        var hasLower = T.SelectLess(T.Broadcast(Lowest), t, one, zero);
        var hasUpper = T.SelectLess(t, T.Broadcast(Highest), one, zero);
        var isInner = hasLower * hasUpper;
        var floored = T.SelectLess(logScale, least, least, logScale);
        // A scale that is no number makes everything else none.
        var precision = T.MultiplyAdd(zero, floored, LaneMath.Exp(zero - floored));
        var distance = t - mean;
        T a = precision * (distance + half), b = precision * (distance - half);
        var below = LaneMath.Softplus(zero - a, out var slopeA) * hasUpper;
        var above = LaneMath.Softplus(b, out var slopeB) * hasLower;
        var width = LogOfWidth(precision, floored, out var slopeOfWidth);

        T byA = hasUpper * slopeA, byB = hasLower * slopeB;
        byMean = precision * (byB - byA);
        byLogScale = T.SelectLess(logScale, least, zero, b * byB - a * byA - isInner * slopeOfWidth);
        return isInner * width - below - above;
    }

    /// <summary>log(1 − e^−Δ) for Δ = (2/255)/s, and minus its slope by log s, Δ/(e^Δ − 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T LogOfWidth<T>(T precision, T logScale, out T slope) where T : unmanaged, ILanes<T>
    {
        var (zero, one, two) = (T.Broadcast(0), T.Broadcast(1), T.Broadcast(LogTwo));
        var delta = precision * T.Broadcast(2 * HalfStep);
        var share = zero - LaneMath.ExpMinus1(zero - delta);
        // Δ/(1 − e^−Δ) = 1 + Δ/2 + Δ²/12 − …, which near 0 is no quotient of two small numbers.
        var ratio = T.SelectLess(delta, T.Broadcast(1e-4f), T.MultiplyAdd(T.Broadcast(0.5f), delta, one), delta / share);
        slope = ratio * (one - share);
        // log Δ − log(ratio) for a small Δ and −log(1 + e^−Δ/(1 − e^−Δ)) for a large one: what is added to 1 is at most 1.
        var excess = T.SelectLess(delta, two, ratio - one, (one - share) / share);
        return T.SelectLess(delta, two, T.Broadcast(LogStep) - logScale, zero) - LaneMath.Log1p(excess);
    }
}
