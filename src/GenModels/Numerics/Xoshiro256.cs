using System.Numerics;

namespace GenModels.Numerics;

/// <summary>
/// The generator xoshiro256** of Blackman and Vigna ("Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021),
/// its state filled by SplitMix64 as its authors advise. Unlike <see cref="Random"/>, its numbers don't change with the version of .NET.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spare = double.NaN;

    public Xoshiro256(ulong seed)
    {
        _s0 = SplitMix64(ref seed);
        _s1 = SplitMix64(ref seed);
        _s2 = SplitMix64(ref seed);
        _s3 = SplitMix64(ref seed);
    }

    // The golden ratio's fraction.
    private const ulong SplitMix64Step = 0x9E3779B97F4A7C15;

    /// <summary>The next number of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), whose state is <paramref name="state"/>.</summary>
    public static ulong SplitMix64(ref ulong state)
    {
        state += SplitMix64Step;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>SplitMix64's state after some numbers.</summary>
    public static ulong SplitMix64StateAt(ulong seed, long numbers) => seed + (ulong)numbers * SplitMix64Step;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in {0, …, <paramref name="count"/> − 1}; numbers that would favour small results are drawn again.</summary>
    public int NextIndex(int count)
    {
        var n = (ulong)count;
        var rejected = (0 - n) % n;
        var bits = NextBits();
        while (bits < rejected)
            bits = NextBits();
        return (int)(bits % n);
    }

    /// <summary>Standard exponential.</summary>
    public double NextExponential() => -Math.Log(1 - NextUniform());

    /// <summary>Standard normal, by the transform of Box and Muller (1958), which makes two numbers at a time.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spare))
        {
            var spare = _spare;
            _spare = double.NaN;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextUniform());
        _spare = radius * sin;
        return radius * cos;
    }
}
