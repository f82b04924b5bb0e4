using GenModels.Distributions;
using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

public class JensenShannonTests
{
    private const int Draws = 20_000;

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 0.5)]
    public void The_estimate_agrees_with_a_quadrature(double mean, double deviation)
    {
        NormalDistribution p = new(0, 1), q = new(mean, deviation);
        double exact = ByQuadrature(p, q);
        var estimate = JensenShannon.Estimate(p, q, Draws, seed: 5);
        estimate.Value.Should().BeApproximately(exact, 4 * estimate.StandardError);
        estimate.StandardError.Should().BeInRange(0.0001, 0.01);
        JensenShannon.Estimate(q, p, Draws, seed: 6).Value.Should().BeApproximately(exact, 4 * estimate.StandardError, "it is symmetric");
    }

    [Fact]
    public void The_estimate_of_discrete_distributions_agrees_with_the_sum()
    {
        double[] p = [0.7, 0.2, 0.1], q = [0.1, 0.2, 0.7];
        var estimate = JensenShannon.Estimate(new CategoricalDistribution(p), new CategoricalDistribution(q), Draws, seed: 1);
        estimate.Value.Should().BeApproximately(Divergence.JensenShannon(p, q), 4 * estimate.StandardError);
    }

    [Fact]
    public void It_is_0_for_equal_distributions_and_log_2_where_no_outcome_is_shared()
    {
        var normal = new NormalDistribution(2, 3);
        JensenShannon.Estimate(normal, normal, 100, seed: 1).Should().Be(new DivergenceEstimate(0, 0));
        JensenShannon.Estimate(new UniformDistribution(0, 1), new UniformDistribution(2, 3), 100, seed: 1)
            .Should().Be(new DivergenceEstimate(Math.Log(2), 0));
        var few = () => JensenShannon.Estimate(normal, normal, 1, seed: 1);
        few.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("samples");
    }

    [Fact]
    public void Mixtures_are_distributions_too()
    {
        GaussianMixture p = Mixture(0), q = Mixture(3);
        using var scope = torch.NewDisposeScope();
        double[][] points = p.Sample(Draws, seed: 3);
        var tensor = torch.tensor(points.SelectMany(x => x).ToArray(), [points.Length, 2]);
        p.LogDensity(tensor).data<double>().ToArray().Zip(points, (expected, x) => Math.Abs(expected - p.LogDensity(x)) / (1 + Math.Abs(expected)))
            .Max().Should().BeLessThan(1e-12);
        p.Sample(0, seed: 1).Should().BeEmpty();

        // Components so far from each other that each point tells its component: the mixtures share half of theirs.
        var estimate = JensenShannon.Estimate(p, q, Draws, seed: 4);
        estimate.Value.Should().BeApproximately(0.5 * Math.Log(2), 4 * estimate.StandardError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void From_samples_it_is_the_truth_within_its_bias_and_scatter(double mean)
    {
        const int count = 3_000, k = 20;
        NormalDistribution p = new(0, 1), q = new(mean, 1);
        double[,] Rows(NormalDistribution first, ulong seed)
        {
            double[] x = first.Sample(count, seed), y = new NormalDistribution(0, 1).Sample(count, seed + 1);
            var rows = new double[count, 2];
            for (int i = 0; i < count; i++) (rows[i, 0], rows[i, 1]) = (x[i], y[i]);
            return rows;
        }
        // Terms lie within log 2 of each other, so that half their range bounds their deviation; the second axis changes nothing.
        double scatter = 4 * Math.Log(2) / 2 / Math.Sqrt(2 * count);
        SampleDivergence.JensenShannon(Rows(p, 10), Rows(q, 20), k).Should().BeInRange(ByQuadrature(p, q) - 1.0 / (4 * k) - scatter, ByQuadrature(p, q) + scatter);
    }

    [Fact]
    public void Equal_samples_give_0_and_samples_far_apart_log_2()
    {
        double[] x = new NormalDistribution(0, 1).Sample(500, 1), far = Array.ConvertAll(x, value => value + 1e6);
        SampleDivergence.JensenShannon(x, x).Should().Be(0);
        SampleDivergence.JensenShannon(x, far).Should().BeApproximately(Math.Log(2), 1e-6, "neighbors are a million times as far in the other set as in their own");
        var few = () => SampleDivergence.JensenShannon([1.0, 2], [1.0, 2]);
        few.Should().Throw<ArgumentException>().WithMessage("*too few*");
    }

    private static GaussianMixture Mixture(double at) =>
        new([0.5, 0.5], [[-50, 0], [50 * at, 1]], [new double[,] { { 1, 0.3 }, { 0.3, 1 } }, new double[,] { { 2, 0 }, { 0, 0.5 } }]);

    private static double ByQuadrature(NormalDistribution p, NormalDistribution q)
    {
        const double h = 1e-3;
        double sum = 0;
        for (double x = -20; x < 20; x += h)
        {
            double a = Math.Exp(p.LogDensity(x)), b = Math.Exp(q.LogDensity(x)), m = (a + b) / 2;
            if (a > 0) sum += a * Math.Log(a / m);
            if (b > 0) sum += b * Math.Log(b / m);
        }
        return sum * h / 2;
    }
}
