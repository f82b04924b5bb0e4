using GenModels.Numerics;
using GenModels.Randomness;

namespace GenModels;

/// <summary>
/// Random numbers one after the other, for what can't know how many it takes, such as rejection methods. <see cref="RandomGenerator.Sequence"/>
/// makes one; it is not safe for use by several threads.
/// </summary>
public sealed class RandomSequence
{
    // 2⁻⁵³.
    private const double Unit = 1.0 / (1L << 53);

    private readonly RandomCall _call;
    private readonly uint[] _words = new uint[WordGroups.Size];
    private long _group;
    private int _next;
    private double? _spare;

    internal RandomSequence(RandomCall call) => (_call, _next) = (call, WordGroups.Size);

    /// <summary>The sequence that begins with number <paramref name="first"/> of 64 bits.</summary>
    internal RandomSequence(RandomCall call, long first) : this(call)
    {
        _group = first / (WordGroups.Size / 2);
        for (long skipped = first % (WordGroups.Size / 2); skipped > 0; skipped--) NextBits();
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (_next == _words.Length) Draw();
        ulong bits = _words[_next] | (ulong)_words[_next + 1] << 32;
        _next += 2;
        return bits;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * Unit;

    /// <summary>
    /// Uniform in {0, …, <paramref name="below"/> − 1}, without bias: the upper half of a product, and a new draw where it would favor some
    /// numbers (Lemire, "Fast random integer generation in an interval", 2019).
    /// </summary>
    /// <param name="below">How many numbers there are, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="below"/> is less than 1.</exception>
    public int NextInteger(int below)
    {
        ulong n = (ulong)Guard.AtLeast(below, 1);
        ulong number = Math.BigMul(NextBits(), n, out ulong rest);
        if (rest >= n) return (int)number;
        ulong rejected = (0 - n) % n;
        while (rest < rejected) number = Math.BigMul(NextBits(), n, out rest);
        return (int)number;
    }

    /// <summary>Standard exponential, by inversion: −log u with u uniform in (0, 1], so at most 53·log 2 ≈ 36.7.</summary>
    public double NextExponential() => DoubleMath.NegativeLog(((NextBits() >> 11) + 1) * Unit);

    /// <summary>Standard normal, by the transform of Box and Muller (1958), which makes two numbers at a time; at most √(106·log 2) ≈ 8.6 away from 0.</summary>
    public double NextNormal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }
        double radius = Math.Sqrt(2 * NextExponential());
        ulong direction = NextBits();
        // Two bits turn by half a circle and swap sine and cosine; 62 are an angle within ±π/4.
        var (sine, cosine) = DoubleMath.SineCosine(((long)(direction << 2) >> 2) * (Math.PI / (1UL << 63)));
        if ((direction >> 63) == 1) radius = -radius;
        if ((direction >> 62 & 1) == 1) (sine, cosine) = (cosine, sine);
        _spare = radius * sine;
        return radius * cosine;
    }

    private unsafe void Draw()
    {
        fixed (uint* target = _words) RandomFill.Words(_call, _group++, target);
        _next = 0;
    }
}
