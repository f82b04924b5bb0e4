namespace GenModels.Tests.Randomness;

public sealed class RandomSequenceTests
{
    [Fact]
    public void It_draws_what_fills_of_double_precision_draw()
    {
        var generator = new RandomGenerator(4);
        double[] values = new double[1000];
        generator.FillUniform(values);
        generator.Step = 0;
        var sequence = generator.Sequence();
        values.Select(_ => sequence.NextDouble()).Should().Equal(values);

        generator.FillNormal(values);
        generator.Step = 1;
        sequence = generator.Sequence();
        values.Select(_ => sequence.NextNormal()).Should().Equal(values);
    }

    [Fact]
    public void Integers_are_uniform_and_below_their_bound()
    {
        var sequence = new RandomGenerator(7).Sequence();
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++) counts[sequence.NextInteger(6)]++;
        // χ² with 5 degrees of freedom: mean 5, standard deviation √10; five of them.
        counts.Sum(count => (count - 10_000.0) * (count - 10_000) / 10_000).Should().BeLessThan(5 + 5 * Math.Sqrt(10));
        Enumerable.Range(0, 100).Should().OnlyContain(_ => sequence.NextInteger(1) == 0);
        sequence.NextInteger(int.MaxValue).Should().BeInRange(0, int.MaxValue - 1);
        sequence.Invoking(s => s.NextInteger(0)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*0*at least 1*");
    }

    [Fact]
    public void Exponential_numbers_have_the_moments_and_the_tail_of_their_distribution()
    {
        const int count = 200_000;
        var sequence = new RandomGenerator(5).Sequence();
        double[] draws = new double[count];
        for (int i = 0; i < count; i++) draws[i] = sequence.NextExponential();
        // Five standard errors: E xᵏ = k!, so that the variances of x and x² are 1 and 20.
        draws.Average().Should().BeApproximately(1, 5 / Math.Sqrt(count));
        draws.Average(x => x * x).Should().BeApproximately(2, 5 * Math.Sqrt(20.0 / count));
        double beyond = Math.Exp(-5);
        draws.Average(x => x > 5 ? 1.0 : 0).Should().BeApproximately(beyond, 5 * Math.Sqrt(beyond / count));
        draws.Should().OnlyContain(x => x >= 0 && x < 36.8);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_standard_normal()
    {
        double[] draws = new double[200_000];
        new RandomGenerator(6).FillNormal(draws);
        Statistics.ShouldBeStandardNormal(draws);
    }
}
