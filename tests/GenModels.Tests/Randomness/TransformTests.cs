using GenModels.Kernels;
using GenModels.Numerics;
using GenModels.Randomness;

namespace GenModels.Tests.Randomness;

public sealed unsafe class TransformTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Every_width_gives_the_bits_of_single_numbers(int lanes)
    {
        Draw(new NormalTransform(), lanes).Should().Equal(Draw(new NormalTransform(), 1));
        Draw(new UniformTransform(), lanes).Should().Equal(Draw(new UniformTransform(), 1));
        Draw(new ChoiceTransform(0.3f, 1.5f, -1), lanes).Should().Equal(Draw(new ChoiceTransform(0.3f, 1.5f, -1), 1));
    }

    [Fact]
    public void Normal_numbers_are_those_of_exact_arithmetic_within_ten_roundings()
    {
        // Relative, in units of 2⁻²⁴: the radius 4.5 (its logarithm is off by at most 7, of which the root leaves half, and is rounded),
        // sine or cosine 4, their product 1.
        const double bound = 10.0 / (1 << 24);
        uint* words = stackalloc uint[WordGroups.Size];
        double worst = 0;
        for (int round = 0; round < 20_000; round++)
        {
            WordGroups.Fill(new RandomCall(5, (ulong)round), 0, 1, words);
            Stretch(words, round % 4, round / 4 % 32);
            uint[] drawn = new Span<uint>(words, WordGroups.Size).ToArray();
            new NormalTransform().Apply<Lanes8>((float*)words, 1);
            for (int i = 0; i < WordGroups.Size; i++)
            {
                if (i % 32 >= 16) continue;
                var (x, y) = Exact(drawn[i], drawn[i + 16]);
                worst = Math.Max(worst, Math.Max(Error(((float*)words)[i], x), Error(((float*)words)[i + 16], y)));
            }
        }
        worst.Should().BeInRange(1.0 / (1 << 24), bound);
    }

    [Theory]
    // u = 2⁻³² and u = 1: the words that would make a logarithm infinite, and a root of what is negative, if rounding were careless.
    [InlineData(0U, 6.6604)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(uint.MaxValue - 1, 2.1579e-5)]
    public void Normal_numbers_at_the_edges_are_finite(uint word, double radius)
    {
        uint* words = stackalloc uint[WordGroups.Size];
        foreach (uint direction in (uint[])[0, 0x20000000, 0x3fffffff, 0x40000000, 0x80000000, uint.MaxValue])
        {
            for (int i = 0; i < WordGroups.Size; i++) words[i] = i % 32 < 16 ? word : direction;
            new NormalTransform().Apply<Lanes8>((float*)words, 1);
            double x = ((float*)words)[0], y = ((float*)words)[16];
            Math.Sqrt(x * x + y * y).Should().BeApproximately(radius, 1e-4 * radius);
        }
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_24_bits()
    {
        uint* words = stackalloc uint[WordGroups.Size];
        for (int i = 0; i < WordGroups.Size; i++) words[i] = i % 2 == 0 ? uint.MaxValue : 0x000001ffU;
        new UniformTransform().Apply<Lanes8>((float*)words, 1);
        ((float*)words)[0].Should().Be(1 - 1f / (1 << 24));
        ((float*)words)[1].Should().Be(1f / (1 << 24));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_never_or_always_chosen_is_so(float probability) =>
        Draw(new ChoiceTransform(probability, 1, 0), 8).Should().OnlyContain(v => v == probability);

    [Fact]
    public void Functions_in_double_precision_are_those_of_the_runtime_within_two_units_in_the_last_place()
    {
        const double ulp = 1.0 / (1L << 52);
        for (int i = 1; i < 100_000; i++)
        {
            double u = i % 2 == 0 ? i / 100_000.0 : Math.Exp(-i * 36.0 / 100_000);
            DoubleMath.NegativeLog(u).Should().BeApproximately(-Math.Log(u), 2 * ulp * -Math.Log(u) + double.Epsilon);
            double x = (i - 50_000) * Math.PI / 4 / 50_000;
            var (sine, cosine) = DoubleMath.SineCosine(x);
            sine.Should().BeApproximately(Math.Sin(x), 2 * ulp * Math.Abs(x));
            cosine.Should().BeApproximately(Math.Cos(x), 2 * ulp);
        }
        DoubleMath.NegativeLog(1).Should().Be(0);
    }

    /// <summary>Moves words to where little is left of u or of 1 − u, or to where the range of the logarithm is cut.</summary>
    private static void Stretch(uint* words, int how, int bits)
    {
        const uint rootHalf = 3_037_000_499;
        for (int i = 0; i < WordGroups.Size; i++)
        {
            if (how == 1) words[i] >>= bits;
            if (how == 2) words[i] = ~(words[i] >> bits);
            if (how == 3 && i % 32 < 16) words[i] = rootHalf - 1000 + words[i] % 2000;
        }
    }

    private static (double, double) Exact(uint distance, uint direction)
    {
        double missing = (double)(uint.MaxValue - distance) / (1L << 32);
        // For u near 1 a series that does not need u itself: Σ missingᵏ/k.
        double log = missing < 1e-3
            ? missing * (1 + missing * (1.0 / 2 + missing * (1.0 / 3 + missing * (1.0 / 4 + missing * (1.0 / 5 + missing / 6)))))
            : -Math.Log((distance + 1.0) / (1L << 32));
        double radius = Math.Sqrt(2 * log) * ((direction >> 31) == 1 ? -1 : 1);
        var (sine, cosine) = Math.SinCos(((int)(direction << 2) >> 2) * (2 * Math.PI / (1L << 32)));
        return (direction >> 30 & 1) == 1 ? (radius * sine, radius * cosine) : (radius * cosine, radius * sine);
    }

    private static double Error(double actual, double expected) => expected == 0 ? Math.Abs(actual) : Math.Abs(actual / expected - 1);

    private static float[] Draw<TTransform>(TTransform transform, int lanes) where TTransform : struct, IWordTransform
    {
        // More than is worked on at once, from the middle of a group to the middle of another.
        float[] drawn = new float[3000];
        fixed (float* target = drawn) RandomFill.Here(transform, new RandomCall(1, 2), 77, target, drawn.Length, lanes);
        return drawn;
    }
}
