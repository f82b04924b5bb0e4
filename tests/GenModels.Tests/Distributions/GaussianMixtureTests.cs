using GenModels.Distributions;

namespace GenModels.Tests.Distributions;

public class GaussianMixtureTests
{
    private static readonly GaussianMixture Three = new(
        [0.2, 0.5, 0.3],
        [[0, 0], [3, -1], [-2, 4]],
        [new[,] { { 1, 0.3 }, { 0.3, 2 } }, new[,] { { 0.5, -0.2 }, { -0.2, 0.4 } }, new[,] { { 2, 1.2 }, { 1.2, 1.5 } }]);

    [Theory]
    [InlineData(0, 0, -3.769865693506099)]
    [InlineData(3, -1, -1.6142337683744699)]
    [InlineData(1, 1, -4.368362789743982)]
    [InlineData(-2.5, 3, -3.639824010992544)]
    [InlineData(100, -200, -18851.938405866884)]
    [InlineData(1e4, 1e4, -35239765.187269695)]
    public void Log_density_is_that_of_SciPy_also_where_the_density_underflows(double x, double y, double expected)
    {
        using var scope = torch.NewDisposeScope();
        double actual = Three.LogDensity(torch.tensor(new[,] { { x, y } })).item<double>();
        actual.Should().BeApproximately(expected, 1e-12 * Math.Abs(expected));
    }

    [Fact]
    public void Samples_have_the_shares_means_and_covariances_of_the_components()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        const int n = 100_000;
        GaussianMixture apart = new([0.3, 0.7], [[-100, 0], [100, 5]], [Three.Covariance(0), Three.Covariance(2)]);
        var x = apart.Sample(n, generator);
        for (int k = 0; k < 2; k++)
        {
            var inside = k == 0 ? x.select(1, 0).lt(0) : x.select(1, 0).ge(0);
            var weights = inside.to(torch.float64).unsqueeze(1);
            double count = weights.sum().item<double>(), w = apart.Weights[k];
            (count / n).Should().BeApproximately(w, 4 * Math.Sqrt(w * (1 - w) / n));
            ShouldHaveMoments(apart, k, (x * weights).sum([0]) / count, x, weights, count);
        }
    }

    [Fact]
    public void Sampling_repeats_with_the_state_of_the_generator()
    {
        float[] Draw(ulong seed)
        {
            using var scope = torch.NewDisposeScope();
            var generator = new RandomGenerator(seed);
            return Three.Sample(7, generator).to(torch.float32).data<float>().ToArray();
        }
        Draw(1).Should().Equal(Draw(1)).And.NotEqual(Draw(2));
    }

    [Fact]
    public void A_component_of_weight_zero_is_never_drawn_and_adds_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        GaussianMixture mixture = new([0, 1, 0], [[-100], [0], [100]], [new double[,] { { 1 } }, new double[,] { { 1 } }, new double[,] { { 1 } }]);
        mixture.Sample(10_000, generator).abs().max().item<double>().Should().BeLessThan(10);
        mixture.LogDensity(torch.zeros(1, 1)).item<double>().Should().BeApproximately(-0.5 * Math.Log(2 * Math.PI), 1e-15);
    }

    [Fact]
    public void Expectation_maximisation_finds_a_known_mixture_within_its_standard_errors()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(5);
        const int n = 20_000;
        GaussianMixture known = new(
            [0.2, 0.5, 0.3], [[0, 0], [8, -3], [-7, 9]], [.. Enumerable.Range(0, 3).Select(Three.Covariance)]);
        var fit = GaussianMixture.Fit(known.Sample(n, generator), new DensityOptions { Components = 3 });

        fit.Converged.Should().BeTrue();
        for (int k = 0; k < 3; k++)
        {
            int found = Enumerable.Range(0, 3).MinBy(i => Math.Abs(fit.Mixture.Mean(i)[0] - known.Mean(k)[0]));
            double w = known.Weights[k], count = w * n;
            fit.Mixture.Weights[found].Should().BeApproximately(w, 4 * Math.Sqrt(w * (1 - w) / n));
            ShouldBe(known, k, fit.Mixture.Mean(found), fit.Mixture.Covariance(found), count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void The_likelihood_never_falls(int components)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(6);
        var fit = GaussianMixture.Fit(Three.Sample(500, generator), new DensityOptions { Components = components, Tolerance = 0, MaximumIterations = 300 });
        ShouldRise(fit.LogLikelihoods);
        fit.LogLikelihoods[^1].Should().BeGreaterThanOrEqualTo(fit.LogLikelihoods[0]);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(0.3)]
    public void The_likelihood_never_falls_where_the_floor_holds_covariances_up(double floor)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(7);
        // Points on a line, a third of them twice, in a space of three dimensions; a floor that many directions reach.
        var t = generator.Normal([60, 1], torch.float64);
        var line = torch.cat([t, t * 2 + 1, torch.ones_like(t)], 1);
        var points = torch.cat([line, line.narrow(0, 0, 20), line.narrow(0, 0, 20)]);
        for (ulong seed = 0; seed < 5; seed++)
        {
            var fit = GaussianMixture.Fit(points, new DensityOptions { Components = 5, Tolerance = 0, CovarianceFloor = floor, Seed = seed });
            fit.LogLikelihoods.Should().HaveCountGreaterThan(3);
            ShouldRise(fit.LogLikelihoods);
        }
    }

    [Fact]
    public void One_component_is_the_maximum_likelihood_Gaussian_also_far_from_the_origin()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(8);
        var x = Three.Sample(1_000, generator);
        var centred = x - x.mean([0]);
        var covariance = centred.t().matmul(centred) / 1_000;
        foreach (double shift in new[] { 0.0, 1e6 })
        {
            var mixture = GaussianMixture.Fit(x + shift).Mixture;
            torch.tensor(mixture.Mean(0)).allclose(x.mean([0]) + shift, 1e-13, 1e-13).Should().BeTrue();
            // Adding 10⁶ rounds each value to 2⁻³³.
            torch.tensor(mixture.Covariance(0)).allclose(covariance, 1e-9, 1e-9).Should().BeTrue();
        }
    }

    [Fact]
    public void A_direction_without_variance_gets_the_floor_and_the_others_stay()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(9);
        var t = generator.Normal([500, 1], torch.float64);
        double variance = (t - t.mean()).square().mean().item<double>();
        double[,] covariance = GaussianMixture.Fit(torch.cat([t, torch.ones_like(t) * 3], 1), new DensityOptions { CovarianceFloor = 1e-4 }).Mixture.Covariance(0);

        covariance[0, 0].Should().BeApproximately(variance, 1e-12);
        covariance[1, 1].Should().BeApproximately(1e-4 * variance / 2, 1e-12, "the floor is a share of the mean variance of both dimensions");
        covariance[0, 1].Should().BeApproximately(0, 1e-15);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(5, 5)]
    public void Equal_points_make_a_narrow_Gaussian_around_them(int count, int components)
    {
        using var scope = torch.NewDisposeScope();
        var fit = GaussianMixture.Fit(torch.ones(count, 2) * 7, new DensityOptions { Components = components });
        var density = fit.Mixture.LogDensity(torch.tensor(new[,] { { 7.0, 7.0 }, { 7.0, 7.1 } })).data<double>().ToArray();
        density[0].Should().BeApproximately(-Math.Log(2 * Math.PI * 1e-6), 1e-6, "the floor is 1e−6 in both directions");
        density[1].Should().BeLessThan(density[0] - 1_000);
        fit.Mixture.Weights.Sum().Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void The_same_points_and_seed_give_the_same_mixture()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(10);
        var x = Three.Sample(400, generator);
        double[] Means(ulong seed)
        {
            var mixture = GaussianMixture.Fit(x, new DensityOptions { Components = 6, Seed = seed, MaximumIterations = 3 }).Mixture;
            return [.. Enumerable.Range(0, 6).SelectMany(mixture.Mean)];
        }
        Means(1).Should().Equal(Means(1)).And.NotEqual(Means(2));
    }

    [Fact]
    public void Fitting_leaves_the_callers_tensor_and_no_other()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(11);
        var x = Three.Sample(100, generator);
        long total = Tensors.CountSettled();
        GaussianMixture.Fit(x, new DensityOptions { Components = 3 });
        torch.Tensor.TotalCount.Should().Be(total);
    }

    [Fact]
    public void Points_that_cannot_be_fitted_are_refused_with_the_reason()
    {
        using var scope = torch.NewDisposeScope();
        void Rejects(torch.Tensor points, DensityOptions options, string message)
        {
            var fit = () => GaussianMixture.Fit(points, options);
            fit.Should().Throw<ArgumentException>().WithMessage(message);
        }
        Rejects(torch.ones(2, 2), new() { Components = 3 }, "*2 points for 3 components*");
        Rejects(torch.ones(2, 2) * double.NaN, new(), "*NaN*");
        Rejects(torch.ones(4), new(), "*[4]*[n, d]*");
        Rejects(torch.ones(4, 2), new() { Components = 0 }, "*0*at least 1*");
        Rejects(torch.ones(4, 2), new() { CovarianceFloor = 0 }, "*0*[1E-12, 1)*");
        Rejects(torch.ones(4, 2), new() { Tolerance = double.NaN }, "*NaN*0 or more*");
    }

    [Fact]
    public void Mixtures_that_are_none_are_refused_with_the_reason()
    {
        double[,] one = { { 1 } };
        void Rejects(double[] weights, double[][] means, double[][,] covariances, string message)
        {
            var make = () => new GaussianMixture(weights, means, covariances);
            make.Should().Throw<ArgumentException>().WithMessage(message);
        }
        Rejects([], [], [], "*no weights*");
        Rejects([0.5, 0.6], [[0], [0]], [one, one], "*1.1*expected 1*");
        Rejects([-0.5, 1.5], [[0], [0]], [one, one], "*-0.5*0 or more*");
        Rejects([1], [[0], [0]], [one], "*2 means for 1 weights*");
        Rejects([1], [[double.NaN]], [one], "*mean of component 0*");
        Rejects([1], [[0]], [new double[,] { { -1 } }], "*not positive definite*");
        Rejects([1], [[0, 0]], [new double[,] { { 1, 0.5 }, { 0.1, 1 } }], "*symmetric*");
        Rejects([1], [[0, 0]], [one], "*1 by 1*2 by 2*");
    }

    private static void ShouldRise(IReadOnlyList<double> values)
    {
        // A log-likelihood is a mean of sums of some ten terms, each with half a unit in the last place.
        for (int i = 1; i < values.Count; i++)
            values[i].Should().BeGreaterThan(values[i - 1] - 1e-13 * (1 + Math.Abs(values[i])), "of step {0}", i);
    }

    private static void ShouldHaveMoments(GaussianMixture known, int k, torch.Tensor mean, torch.Tensor x, torch.Tensor weights, double count)
    {
        var centred = x - mean;
        double[] products = ((centred * weights).t().matmul(centred) / count).data<double>().ToArray();
        ShouldBe(known, k, mean.data<double>().ToArray(), new[,] { { products[0], products[1] }, { products[2], products[3] } }, count);
    }

    /// <summary>Within four standard errors of estimates from so many draws.</summary>
    private static void ShouldBe(GaussianMixture known, int k, double[] mean, double[,] covariance, double count)
    {
        var c = known.Covariance(k);
        for (int i = 0; i < 2; i++)
        {
            mean[i].Should().BeApproximately(known.Mean(k)[i], 4 * Math.Sqrt(c[i, i] / count));
            for (int j = 0; j < 2; j++)
                covariance[i, j].Should().BeApproximately(c[i, j], 4 * Math.Sqrt((c[i, i] * c[j, j] + c[i, j] * c[i, j]) / count));
        }
    }
}
