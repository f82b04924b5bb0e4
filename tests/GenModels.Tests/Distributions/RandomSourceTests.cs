using GenModels.Distributions;

namespace GenModels.Tests.Distributions;

public class RandomSourceTests
{
    /// <summary>Computed by a second implementation of xoshiro256** and SplitMix64, in Python's unbounded integers.</summary>
    [Fact]
    public void The_stream_is_that_of_the_published_generators()
    {
        var random = new RandomSource(42);
        double[] expected = [0.08386297105988216, 0.3789802506626686, 0.6800434110281394, 0.9246929453253876];
        expected.Should().Equal(expected.Select(_ => random.NextDouble()));
    }

    [Fact]
    public void The_seed_decides_the_draws()
    {
        double[] draws = new NormalDistribution(0, 1).Sample(5, -1);
        new NormalDistribution(0, 1).Sample(5, -1).Should().Equal(draws);
        new NormalDistribution(0, 1).Sample(5, -2).Should().NotEqual(draws);
    }

    [Fact]
    public void Gaussian_draws_have_the_moments_of_the_normal_distribution()
    {
        var random = new RandomSource(1);
        double[] x = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToArray();
        // The variance of xᵏ is E x²ᵏ − (E xᵏ)²: 1, 2, 15, 96.
        double n = x.Length;
        x.Average().Should().BeApproximately(0, 5 * Math.Sqrt(1 / n));
        x.Average(v => v * v).Should().BeApproximately(1, 5 * Math.Sqrt(2 / n));
        x.Average(v => v * v * v).Should().BeApproximately(0, 5 * Math.Sqrt(15 / n));
        x.Average(v => v * v * v * v).Should().BeApproximately(3, 5 * Math.Sqrt(96 / n));
    }
}
