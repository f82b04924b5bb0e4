using GenModels.Numerics;

namespace GenModels.Tests.Numerics;

public sealed class Xoshiro256Tests
{
    [Fact]
    public void SplitMix64_gives_the_reference_sequence()
    {
        // Vigna's splitmix64.c, started at 1234567.
        var state = 1234567UL;
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];

        expected.Select(_ => Xoshiro256.SplitMix64(ref state)).Should().Equal(expected);
    }

    [Theory]
    [InlineData(42UL, new ulong[] { 1546998764402558742, 6990951692964543102, 12544586762248559009, 17057574109182124193, 18295552978065317476 })]
    [InlineData(0UL, new ulong[] { 11091344671253066420, 13793997310169335082, 1900383378846508768 })]
    public void The_bits_are_those_of_an_independent_implementation(ulong seed, ulong[] expected)
    {
        var random = new Xoshiro256(seed);

        expected.Select(_ => random.NextBits()).Should().Equal(expected);
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_bits()
    {
        var random = new Xoshiro256(42);

        random.NextUniform().Should().Be((1546998764402558742 >> 11) / 9007199254740992.0);
    }

    [Fact]
    public void Indices_are_uniform()
    {
        var random = new Xoshiro256(7);
        var counts = new int[6];
        for (var i = 0; i < 60_000; i++)
            counts[random.NextIndex(6)]++;

        // χ² with 5 degrees of freedom: mean 5, standard deviation √10; five of them.
        counts.Sum(count => (count - 10_000.0) * (count - 10_000) / 10_000).Should().BeLessThan(5 + 5 * Math.Sqrt(10));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_and_the_tail_of_the_standard_normal()
    {
        const int count = 200_000;
        var random = new Xoshiro256(3);
        var draws = new double[count];
        for (var i = 0; i < count; i++)
            draws[i] = random.NextNormal();

        // Five standard errors: those of the first four moments are √(1, 2, 15, 96)/√n.
        draws.Average().Should().BeApproximately(0, 5 / Math.Sqrt(count));
        draws.Average(x => x * x).Should().BeApproximately(1, 5 * Math.Sqrt(2.0 / count));
        draws.Average(x => x * x * x).Should().BeApproximately(0, 5 * Math.Sqrt(15.0 / count));
        draws.Average(x => x * x * x * x).Should().BeApproximately(3, 5 * Math.Sqrt(96.0 / count));
        const double beyondTwo = 0.04550026389635842;
        draws.Average(x => Math.Abs(x) > 2 ? 1.0 : 0).Should().BeApproximately(beyondTwo, 5 * Math.Sqrt(beyondTwo * (1 - beyondTwo) / count));
        // Both numbers of a pair, and neighbours of different pairs, are independent.
        Enumerable.Range(0, count - 1).Average(i => draws[i] * draws[i + 1]).Should().BeApproximately(0, 5 / Math.Sqrt(count));
    }
}
