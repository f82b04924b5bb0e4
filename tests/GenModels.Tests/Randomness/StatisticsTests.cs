namespace GenModels.Tests.Randomness;

public sealed class StatisticsTests
{
    private const int Count = 1 << 20;

    [Fact]
    public void Normal_numbers_have_the_moments_and_shares_of_the_standard_normal() =>
        Statistics.ShouldBeStandardNormal(Array.ConvertAll(Normal(new RandomGenerator(1)), x => (double)x));

    [Fact]
    public void Normal_numbers_reach_far_into_the_tails()
    {
        var generator = new RandomGenerator(2);
        float[] drawn = [.. Enumerable.Range(0, 8).SelectMany(_ => Normal(generator))];
        // P(|z| > 5) = 5.733e−7 of 8.4 million: 4.8, whose standard error is its root.
        const double beyondFive = 5.733031437583892e-7;
        double expected = beyondFive * drawn.Length;
        drawn.Count(x => Math.Abs(x) > 5).Should().BeInRange(1, (int)(expected + 5 * Math.Sqrt(expected)));
        drawn.Should().OnlyContain(x => Math.Abs(x) < 6.661f);
    }

    [Fact]
    public void Uniform_numbers_are_spread_evenly_alone_and_in_pairs()
    {
        float[] drawn = Uniform(new RandomGenerator(3));
        drawn.Should().OnlyContain(u => u >= 0 && u < 1 && u * 16777216 == MathF.Floor(u * 16777216));
        int[] singles = new int[1024];
        foreach (float u in drawn) singles[(int)(u * 1024)]++;
        Statistics.ShouldBeEvenlySpread(singles);
        // Neighbours, the first and second word of a counter, and groups next to each other.
        foreach (int apart in new[] { 1, 16, 64 })
        {
            int[] pairs = new int[32 * 32];
            for (int i = 0; i < drawn.Length; i++)
                if (i / apart % 2 == 0) pairs[(int)(drawn[i] * 32) * 32 + (int)(drawn[i + apart] * 32)]++;
            Statistics.ShouldBeEvenlySpread(pairs);
        }
    }

    [Fact]
    public void Each_bit_of_a_uniform_number_is_set_as_often_as_not()
    {
        float[] drawn = Uniform(new RandomGenerator(4));
        for (int bit = 0; bit < 24; bit++)
        {
            double share = drawn.Average(u => (int)(u * 16777216) >> bit & 1);
            share.Should().BeApproximately(0.5, 5 * 0.5 / Math.Sqrt(Count), "bit {0} is fair", bit);
        }
    }

    [Fact]
    public void Rows_steps_purposes_and_neighbouring_seeds_are_independent()
    {
        var generator = RandomGenerator.For(5, RandomStreams.Noise);
        float[] drawn = Normal(generator);
        Statistics.ShouldBeIndependent(drawn, Normal(generator), "the next step");
        Statistics.ShouldBeIndependent(drawn, Normal(RandomGenerator.For(6, RandomStreams.Noise)), "the next seed");
        Statistics.ShouldBeIndependent(drawn, Normal(RandomGenerator.For(5, RandomStreams.Dropout)), "another purpose");
        Statistics.ShouldBeIndependent(drawn, Normal(new RandomGenerator(5)), "no purpose");
        // 16 apart are the two numbers of one radius.
        foreach (int apart in new[] { 1, 16, 20, 32, 64, 784 })
            Statistics.ShouldBeIndependent(drawn.AsSpan(apart), drawn.AsSpan(..^apart), $"numbers {apart} places apart");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.001)]
    public void Ones_are_drawn_with_their_probability(double probability)
    {
        float[] drawn = new float[Count];
        new RandomGenerator(6).FillBernoulli(drawn, probability);
        drawn.Average(v => (double)v).Should().BeApproximately(probability, 5 * Math.Sqrt(probability * (1 - probability) / Count));
    }

    [Fact]
    public void Integers_are_spread_evenly()
    {
        int[] drawn = new int[Count], counts = new int[1000];
        new RandomGenerator(7).FillIntegers(drawn, counts.Length);
        foreach (int i in drawn) counts[i]++;
        Statistics.ShouldBeEvenlySpread(counts);
    }

    [Fact]
    public void Every_order_of_four_is_as_likely_as_any_other()
    {
        var generator = new RandomGenerator(8);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < 24_000; i++)
        {
            string order = string.Concat(generator.Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        counts.Should().HaveCount(24);
        Statistics.ShouldBeEvenlySpread([.. counts.Values]);
    }

    [Fact]
    public void A_permutation_holds_every_number_once_and_the_next_one_is_another()
    {
        var generator = RandomGenerator.For(9, RandomStreams.Order);
        int[] first = generator.Permutation(60_000), second = generator.Permutation(60_000);
        first.Order().Should().Equal(Enumerable.Range(0, 60_000));
        // A number stays where it was in one place of n: once on average, with standard error 1.
        first.Zip(second).Count(pair => pair.First == pair.Second).Should().BeLessThan(7);
        generator.Permutation(0).Should().BeEmpty();
        generator.Permutation(1).Should().Equal(0);
    }

    private static float[] Normal(RandomGenerator generator)
    {
        float[] drawn = new float[Count];
        generator.FillNormal(drawn);
        return drawn;
    }

    private static float[] Uniform(RandomGenerator generator)
    {
        float[] drawn = new float[Count];
        generator.FillUniform(drawn);
        return drawn;
    }
}
