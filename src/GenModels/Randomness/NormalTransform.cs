using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Randomness;

/// <summary>
/// Standard normal numbers by the transform of Box and Muller ("A note on the generation of random normal deviates", 1958): two words give
/// the point of the plane at the distance √(−2 log u) in the direction θ, with u in (0, 1] and θ uniform.
/// </summary>
/// <remarks>
/// u = (w + 1)/2³², so that no number lies beyond √(64 log 2) ≈ 6.66. Nothing but operations that IEEE 754 rounds exactly are used, in one
/// order, so that each width of vectors gives the same bits. The words are kept whole where rounding them to floats would cost accuracy: the
/// relative error of a number is below 10·2⁻²⁴, also near 0.
/// </remarks>
internal readonly unsafe struct NormalTransform : IWordTransform
{
    private const int Quarter = WordGroups.Size / 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Apply<T>(float* words, long groups) where T : unmanaged, ILanes<T>
    {
        // The first words of the counters are paired with the second, the third with the fourth.
        for (float* end = words + groups * WordGroups.Size; words < end; words += 2 * Quarter)
        {
            for (float* first = words; first < words + Quarter; first += T.Count)
            {
                var (z0, z1) = Pair(T.Load(first), T.Load(first + Quarter));
                z0.Store(first);
                z1.Store(first + Quarter);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T, T) Pair<T>(T distance, T direction) where T : unmanaged, ILanes<T>
    {
        // The highest bit turns the point by half a circle.
        var radius = T.Sqrt(Log(distance) * T.Broadcast(-2)) ^ (direction & T.BroadcastBits(0x80000000));
        // The next one swaps sine and cosine: with the lower 30 bits, an angle within ±π/4, they make up every direction.
        var x = T.ToSingle(T.ShiftRightSigned(T.ShiftLeft(direction, 2), 2)) * T.Broadcast(MathF.PI / (1u << 31));
        var x2 = x * x;
        var (cosine, sine) = (Cosine(x2), Sine(x, x2));
        var swap = (cosine ^ sine) & T.ShiftRightSigned(T.ShiftLeft(direction, 1), 31);
        return (radius * (cosine ^ swap), radius * (sine ^ swap));
    }

    /// <summary>log((w + 1)/2³²) = n·log 2 + log(1 + f), where (w + 1)/2³² = 2ⁿ·(1 + f) and 1 + f lies between √½ and √2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Log<T>(T word) where T : unmanaged, ILanes<T>
    {
        const uint one = 0x3F800000, rootHalf = 0x3F3504F3, mantissa = 0x007FFFFF;
        var (shift, most) = (T.Broadcast(65536), T.Broadcast(65535));
        T upper = T.ToSingle(T.ShiftRight(word, 16)), lower = T.ToSingle(word & T.BroadcastBits(0xFFFF));
        // Fused, each is rounded once: w + 1 and 2³² − (w + 1).
        var above = T.MultiplyAdd(upper, shift, lower + T.Broadcast(1));
        var below = T.MultiplyAdd(most - upper, shift, most - lower);
        // Counted from the bits of √½ on, the exponent stands in front, and the mantissa on top of √½ is 1 + f.
        var bits = T.AddWords(above, T.BroadcastBits(one - rootHalf));
        var n = T.ToSingle(T.ShiftRight(bits, 23)) - T.Broadcast(127 + 32);
        var far = T.AddWords(bits & T.BroadcastBits(mantissa), T.BroadcastBits(rootHalf)) - T.Broadcast(1);
        // Where n = 0, f is what is missing to 2³², which the rounded w + 1 would not tell any more.
        var near = below * T.Broadcast(-1f / (1L << 32));
        return T.MultiplyAdd(n, T.Broadcast(0.693147181f), LaneMath.LogNearOne(T.SelectLess(T.Broadcast(-0.5f), n, near, far)));
    }

    /// <summary>sin x for |x| ≤ π/4: the Taylor polynomial of degree 9, whose remainder is below 3e−9 of the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sine<T>(T x, T x2) where T : unmanaged, ILanes<T>
    {
        var p = T.MultiplyAdd(T.Broadcast(1f / 362880), x2, T.Broadcast(-1f / 5040));
        p = T.MultiplyAdd(p, x2, T.Broadcast(1f / 120));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-1f / 6));
        return T.MultiplyAdd(p * x2, x, x);
    }

    /// <summary>cos x of x² for |x| ≤ π/4: the Taylor polynomial of degree 10, whose remainder is below 2e−10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Cosine<T>(T x2) where T : unmanaged, ILanes<T>
    {
        var p = T.MultiplyAdd(T.Broadcast(-1f / 3628800), x2, T.Broadcast(1f / 40320));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-1f / 720));
        p = T.MultiplyAdd(p, x2, T.Broadcast(1f / 24));
        p = T.MultiplyAdd(p, x2, T.Broadcast(-1f / 2));
        return T.MultiplyAdd(p, x2, T.Broadcast(1));
    }
}
