using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>Functions over packs of floats, within two units in the last place over the ranges that they state.</summary>
internal static class LaneMath
{
    // The power of two that it is near is the least that is no subnormal number.
    private const float Lowest = -87.3f;

    /// <summary>eˣ; 0 below −87.3 and +∞ above 88.3. What a NaN gives is not defined.</summary>
    /// <remarks>x = n·log 2 + r, |r| ≤ ½ log 2: 2ⁿ times the Taylor polynomial of degree 7 in r, whose remainder is below 4e−9.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : unmanaged, ILanes<T>
    {
        var (low, high) = (T.Broadcast(Lowest), T.Broadcast(88.3f));
        var (n, r, p) = Reduce(T.Min(T.Max(low, x), high));
        var finite = T.SelectLess(x, low, T.Broadcast(0f), T.MultiplyAdd(p, r, T.Broadcast(1f)) * T.PowerOfTwo(n));
        return T.SelectLess(high, x, T.Broadcast(float.PositiveInfinity), finite);
    }

    /// <summary>eˣ − 1 for x of 0 or less. What a NaN gives is not defined.</summary>
    /// <remarks>2ⁿ·(eʳ − 1) + (2ⁿ − 1): where n is 0 nothing is subtracted, and otherwise nothing cancels.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinus1<T>(T x) where T : unmanaged, ILanes<T>
    {
        var (n, r, p) = Reduce(T.Max(T.Broadcast(Lowest), x));
        var power = T.PowerOfTwo(n);
        return T.MultiplyAdd(p * r, power, power - T.Broadcast(1f));
    }

    /// <summary>x as n·log 2 + r, and p with 1 + p·r = eʳ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T N, T R, T P) Reduce<T>(T x) where T : unmanaged, ILanes<T>
    {
        var n = T.Round(x * T.Broadcast(1.44269504f));
        // log 2 in two parts, the first with trailing zero bits, so that n·log 2 loses nothing.
        var r = T.MultiplyAdd(n, T.Broadcast(-0.693359375f), x);
        r = T.MultiplyAdd(n, T.Broadcast(2.12194440e-4f), r);
        var p = T.Broadcast(1f / 5040);
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 720));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 120));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 24));
        p = T.MultiplyAdd(p, r, T.Broadcast(1f / 6));
        p = T.MultiplyAdd(p, r, T.Broadcast(0.5f));
        return (n, r, T.MultiplyAdd(p, r, T.Broadcast(1f)));
    }

    /// <summary>log(1 + e) for e in [0, 1].</summary>
    /// <remarks>2 artanh(s) with s = e/(2 + e) ≤ ⅓: an odd series, whose first term left out is below 3e−8 of the value.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T e) where T : unmanaged, ILanes<T>
    {
        var s = e / (e + T.Broadcast(2f));
        var s2 = s * s;
        var p = T.Broadcast(1f / 13);
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 11));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 9));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 7));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 5));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 3));
        var twice = s + s;
        return T.MultiplyAdd(p * s2, twice, twice);
    }

    /// <summary>log x for x of 2⁻¹²⁶ or more. What a NaN gives is not defined.</summary>
    /// <remarks>x = 2ⁿ·(1 + f), where 1 + f lies between √½ and √2.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log<T>(T x) where T : unmanaged, ILanes<T>
    {
        const uint one = 0x3F800000, rootHalf = 0x3F3504F3, mantissa = 0x007FFFFF;
        // Counted from the bits of √½ on, the exponent stands in front, and the mantissa on top of √½ is 1 + f.
        var bits = T.AddWords(x, T.BroadcastBits(one - rootHalf));
        var n = T.ToSingle(T.ShiftRight(bits, 23)) - T.Broadcast(127);
        var f = T.AddWords(bits & T.BroadcastBits(mantissa), T.BroadcastBits(rootHalf)) - T.Broadcast(1);
        return T.MultiplyAdd(n, T.Broadcast(0.693147181f), LogNearOne(f));
    }

    /// <summary>log(1 + f) for 1 + f in [√½, √2].</summary>
    /// <remarks>2 artanh(s) with s = f/(2 + f), |s| ≤ 0.172: an odd series, whose first term left out is below 3e−9 of the value.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LogNearOne<T>(T f) where T : unmanaged, ILanes<T>
    {
        var s = f / (f + T.Broadcast(2));
        var s2 = s * s;
        var p = T.MultiplyAdd(T.Broadcast(1f / 9), s2, T.Broadcast(1f / 7));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 5));
        p = T.MultiplyAdd(p, s2, T.Broadcast(1f / 3));
        var twice = s + s;
        return T.MultiplyAdd(p * s2, twice, twice);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x) where T : unmanaged, ILanes<T>
    {
        var (zero, one) = (T.Broadcast(0), T.Broadcast(1));
        var e = Exp(zero - T.Abs(x));
        return T.SelectLess(x, zero, e, one) / (one + e);
    }

    /// <summary>log(1 + eˣ), and its slope σ(x). Of a NaN both are NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x, out T slope) where T : unmanaged, ILanes<T>
    {
        var (zero, one) = (T.Broadcast(0), T.Broadcast(1));
        var e = Exp(zero - T.Abs(x));
        // A NaN is less than nothing and greater than nothing, so that it comes through both choices as itself.
        slope = T.SelectLess(x, zero, e, T.SelectLess(T.Broadcast(-1), x, one, x)) / (one + e);
        return T.SelectLess(x, zero, zero, x) + Log1p(e);
    }

    /// <summary>tanh x.</summary>
    /// <remarks>
    /// Below 0.55 the odd Taylor polynomial of degree 15, whose first term left out is below 3e−8 of x; above 1 − 2/(e²ˣ + 1), where
    /// nothing cancels.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x) where T : unmanaged, ILanes<T>
    {
        var (one, two, size) = (T.Broadcast(1), T.Broadcast(2), T.Abs(x));
        var x2 = x * x;
        var p = T.Broadcast(-929569f / 638512875f);
        p = T.MultiplyAdd(p, x2, T.Broadcast(21844f / 6081075f));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-1382f / 155925f));
        p = T.MultiplyAdd(p, x2, T.Broadcast(62f / 2835f));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-17f / 315f));
        p = T.MultiplyAdd(p, x2, T.Broadcast(2f / 15f));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-1f / 3f));
        var small = T.MultiplyAdd(p * x2, x, x);
        var large = one - two / (Exp(two * size) + one);
        return T.SelectLess(size, T.Broadcast(0.55f), small, T.SelectLess(x, T.Broadcast(0), T.Broadcast(0) - large, large));
    }
}
