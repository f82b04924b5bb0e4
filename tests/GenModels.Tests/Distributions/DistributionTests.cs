using GenModels.Distributions;

namespace GenModels.Tests.Distributions;

public class DistributionTests
{
    /// <summary>Values: scipy.stats' logpdf.</summary>
    public static TheoryData<IDistribution<double>, double, double> Densities => new()
    {
        { new NormalDistribution(0.5, 2), 1.3, -1.6920857137646181 },
        { new LaplaceDistribution(-1, 2), 1.3, -2.5362943611198907 },
        { new GammaDistribution(2.5, 3), 1.3, -1.0446057521014083 },
        { new BetaDistribution(2.5, 0.7), 0.3, -1.3591020131569613 },
        { new ExponentialDistribution(3), 1.3, -2.8013877113318904 },
        { new UniformDistribution(1, 3), 1.3, -0.6931471805599453 },
        { new GammaDistribution(2.5, 3), -0.1, double.NegativeInfinity },
        { new BetaDistribution(2.5, 0.7), 1.1, double.NegativeInfinity },
        { new ExponentialDistribution(3), -0.1, double.NegativeInfinity },
        { new UniformDistribution(1, 3), 3.1, double.NegativeInfinity },
    };

    [Theory]
    [MemberData(nameof(Densities))]
    public void Densities_are_SciPys(IDistribution<double> distribution, double value, double expected)
    {
        double density = distribution.LogDensity(value);
        if (double.IsInfinity(expected)) density.Should().Be(expected);
        else density.Should().BeApproximately(expected, 1e-13);
    }

    [Fact]
    public void Densities_of_vectors_and_discrete_outcomes()
    {
        new MultivariateNormalDistribution([0, 0.5], new[,] { { 2, 0.3 }, { 0.3, 1 } }).LogDensity([1, 2]).Should().BeApproximately(-3.365617169114007, 1e-13);
        new DiagonalNormalDistribution([0, 0.5], [2, 0.5]).LogDensity([1, 2]).Should().BeApproximately(-6.462877066409345, 1e-13);
        new CategoricalDistribution([0.25, 0.75, 0]).LogDensity(1).Should().Be(Math.Log(0.75));
        new CategoricalDistribution([0.25, 0.75, 0]).LogDensity(2).Should().Be(double.NegativeInfinity);
        new CategoricalDistribution([0.25, 0.75]).LogDensity(2).Should().Be(double.NegativeInfinity);
        new BernoulliDistribution(1e-20).LogDensity(0).Should().Be(-1e-20);
        new BernoulliDistribution(0.25).LogDensity(1).Should().Be(Math.Log(0.25));
        new BernoulliDistribution(0.25).LogDensity(2).Should().Be(double.NegativeInfinity);
    }

    /// <summary>Mean and variance by the textbooks.</summary>
    public static TheoryData<IDistribution<double>, double, double> Moments => new()
    {
        { new NormalDistribution(0.5, 2), 0.5, 4 },
        { new LaplaceDistribution(-1, 2), -1, 8 },
        { new GammaDistribution(2.5, 3), 2.5 / 3, 2.5 / 9 },
        { new GammaDistribution(0.1, 3), 0.1 / 3, 0.1 / 9 },
        { new BetaDistribution(2.5, 0.7), 2.5 / 3.2, 2.5 * 0.7 / (3.2 * 3.2 * 4.2) },
        { new ExponentialDistribution(3), 1.0 / 3, 1.0 / 9 },
        { new UniformDistribution(1, 3), 2, 1.0 / 3 },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void Draws_have_the_moments_of_their_distribution(IDistribution<double> distribution, double mean, double variance)
    {
        double[] x = distribution.Sample(100_000, 17);
        x.Should().OnlyContain(v => double.IsFinite(distribution.LogDensity(v)));
        double root = Math.Sqrt(x.Length);
        x.Average().Should().BeApproximately(mean, 5 * Math.Sqrt(variance) / root);
        double[] squares = Array.ConvertAll(x, v => (v - mean) * (v - mean));
        double average = squares.Average(), spread = Math.Sqrt(squares.Average(v => (v - average) * (v - average)));
        average.Should().BeApproximately(variance, 5 * spread / root);
    }

    [Fact]
    public void Draws_of_vectors_have_their_covariance()
    {
        double[,] covariance = { { 2, 0.3 }, { 0.3, 1 } };
        double[][] x = new MultivariateNormalDistribution([3, -1], covariance).Sample(100_000, 19);
        double[] mean = [3, -1];
        for (int i = 0; i < 2; i++)
        {
            x.Average(v => v[i]).Should().BeApproximately(mean[i], 5 * Math.Sqrt(covariance[i, i] / x.Length));
            for (int j = 0; j < 2; j++)
            {
                double error = Math.Sqrt((covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]) / x.Length);
                x.Average(v => (v[i] - mean[i]) * (v[j] - mean[j])).Should().BeApproximately(covariance[i, j], 5 * error);
            }
        }
    }

    [Fact]
    public void Discrete_outcomes_come_as_often_as_their_probabilities_say()
    {
        double[] probabilities = [0, 0.2, 0, 0.7, 0.1, 0];
        int[] x = new CategoricalDistribution(probabilities).Sample(100_000, 23);
        for (int k = 0; k < probabilities.Length; k++)
            (x.Count(v => v == k) / 1e5).Should().BeApproximately(probabilities[k], 5 * Math.Sqrt(probabilities[k] * (1 - probabilities[k]) / 1e5));
        new BernoulliDistribution(0.3).Sample(100_000, 29).Average().Should().BeApproximately(0.3, 5 * Math.Sqrt(0.21 / 1e5));
    }

    [Fact]
    public void Scalars_compare_by_value() => new GammaDistribution(2, 3).Should().Be(new GammaDistribution(2, 3)).And.NotBe(new GammaDistribution(2, 4));

    [Fact]
    public void Parameters_are_checked()
    {
        Rejects(() => new NormalDistribution(double.NaN, 1), "mean is NaN,*");
        Rejects(() => new NormalDistribution(0, 0), "standardDeviation is 0,*");
        Rejects(() => new NormalDistribution(0, double.NaN), "standardDeviation is NaN,*");
        Rejects(() => new DiagonalNormalDistribution([0, 0], [1, -1]), "standardDeviations[1] is -1,*");
        Rejects(() => new DiagonalNormalDistribution([0, 0], [1]), "standardDeviations has 1 elements and means has 2,*");
        Rejects(() => new DiagonalNormalDistribution([], []), "means is empty,*");
        Rejects(() => new MultivariateNormalDistribution([0, 0], new[,] { { 1.0, 2 }, { 2, 1 } }), "*not positive definite*");
        Rejects(() => new MultivariateNormalDistribution([0, 0], new[,] { { 1.0, 0.5 }, { 0.4, 1 } }), "covariance[1, 0] is 0.4 and*");
        Rejects(() => new MultivariateNormalDistribution([0], new[,] { { 1.0, 0.5 }, { 0.4, 1 } }), "covariance is 2 by 2,*");
        Rejects(() => new BernoulliDistribution(1.1), "probability is 1.1,*");
        Rejects(() => new BernoulliDistribution(double.NaN), "probability is NaN,*");
        Rejects(() => new CategoricalDistribution([0.5, -0.5]), "probabilities[1] is -0.5,*");
        Rejects(() => new CategoricalDistribution([0.5, 0.4]), "probabilities sums to 0.9,*");
        Rejects(() => new UniformDistribution(1, 1), "upper is 1,*");
        Rejects(() => new ExponentialDistribution(-1), "rate is -1,*");
        Rejects(() => new LaplaceDistribution(0, 0), "scale is 0,*");
        Rejects(() => new GammaDistribution(0, 1), "shape is 0,*");
        Rejects(() => new BetaDistribution(1, double.PositiveInfinity), "beta is Infinity,*");
        Rejects(() => NormalDistribution.Fit([1, 1]), "All samples are equal,*");
        Rejects(() => NormalDistribution.Fit([1, double.NaN]), "samples[1] is NaN,*");
        Rejects(() => new NormalDistribution(0, 1).Sample(-1, 0), "count is -1,*");
        Rejects(() => DiagonalNormalDistribution.Standard(2).LogDensity([1]), "value has 1 elements and the mean has 2,*");

        static void Rejects(Func<object> make, string message) => make.Should().Throw<ArgumentException>().WithMessage(message);
    }
}
