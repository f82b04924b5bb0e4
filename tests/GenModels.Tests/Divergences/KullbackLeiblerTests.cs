using GenModels.Distributions;
using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

public class KullbackLeiblerTests
{
    /// <summary>Values: the textbooks' formulas by mpmath at 60 digits, of the doubles given.</summary>
    [Theory]
    [InlineData("Normal", 0.4431471805599453, 0, 1, 1, 2)]
    [InlineData("Normal", 9.999998345010898e-15, 0, 1, 0, 1.0000001)]
    [InlineData("Normal", 20.947663017506358, 3, 1e-9, 3.5, 2)]
    [InlineData("Normal", 1.9999999756901162e-18, 1, 5, 1.00000001, 5)]
    [InlineData("Normal", 499999999985.68445, 0, 1e3, 0, 1e-3)]
    [InlineData("Laplace", 0.37708690114566645, 0, 1, 1, 2)]
    [InlineData("Laplace", 4.999998333333749e-13, 0, 1, 1e-6, 1)]
    [InlineData("Laplace", 4.999999331770594e-15, 2, 3, 2, 3.0000003)]
    [InlineData("Laplace", 4.605170185988091, -5, 0.1, 5, 10)]
    [InlineData("Gamma", 4.007306620370226, 2, 3, 4, 1)]
    [InlineData("Gamma", 6.122682141154222e-16, 0.3, 1, 0.30000001, 1)]
    [InlineData("Gamma", 6.24999977120944e-15, 5, 2, 5, 2.0000001)]
    [InlineData("Gamma", 5.000000833333334e-07, 1e6, 3, 1000001, 3)]
    [InlineData("Gamma", 20004.031365384984, 1e-3, 1, 20, 7)]
    [InlineData("Gamma", 3128.386180891559, 700, 2, 3, 9)]
    [InlineData("Gamma", 2.823677893439593e-13, 2.5, 4, 2.5000025, 4.000004)]
    [InlineData("Beta", 2.0986122886681096, 2, 3, 4, 1)]
    [InlineData("Beta", 1.6449340593378837e-16, 0.5, 0.5, 0.50000001, 0.5)]
    [InlineData("Beta", 1.7170521085021414e-12, 300, 200, 300.0001, 200.0001)]
    [InlineData("Beta", 77.7293757963393, 1e5, 2e5, 1.1e5, 2.1e5)]
    [InlineData("Beta", 2613.9476272562106, 0.01, 0.02, 30, 40)]
    [InlineData("Beta", 3.949340669490095e-09, 3, 3, 2.9999, 3.0001)]
    [InlineData("Exponential", 0.3068528194400547, 1, 0, 2, 0)]
    [InlineData("Exponential", 5.55555541391456e-16, 3, 0, 3.0000001, 0)]
    [InlineData("Exponential", 9999999975.974148, 1e-5, 0, 1e5, 0)]
    [InlineData("Exponential", 5.552508906471976, 7, 0, 0.01, 0)]
    [InlineData("Bernoulli", 0.5108256237659908, 0.5, 0, 0.9, 0)]
    [InlineData("Bernoulli", 2.38095234821161e-16, 0.3, 0, 0.30000001, 0)]
    [InlineData("Bernoulli", 0.2876820724517809, 0, 0, 0.25, 0)]
    [InlineData("Bernoulli", 9.920922452200185e-10, 1e-12, 0, 1e-9, 0)]
    [InlineData("Bernoulli", 0.2876820724517809, 1, 0, 0.75, 0)]
    [InlineData("Uniform", 0.6931471805599453, 0, 1, -0.5, 1.5)]
    [InlineData("Uniform", double.PositiveInfinity, 0, 1, 0.1, 1.5)]
    [InlineData("Uniform", double.PositiveInfinity, 0, 1, -1, 0.9)]
    // Where the closed form holds, and a difference, product or quotient on the way to it leaves a double's range.
    [InlineData("Uniform", 709.889355822726, 0, 1, -1e308, 1e308)] // log 2·10³⁰⁸
    [InlineData("Uniform", 0.10536051565782628, -0.9e308, 0.9e308, -1e308, 1e308)] // −log 0.9
    [InlineData("Uniform", 1446.7165967136998, 0, 1e-320, -1e308, 1e308)] // log 2·10³⁰⁸ − log of what 10⁻³²⁰ is rounded to, 2024·2⁻¹⁰⁷⁴
    [InlineData("Normal", 2, -1e308, 1e308, 1e308, 1e308)] // z²/2 with z = 2
    [InlineData("Exponential", 1394.3665663543917, 1e306, 0, 1e-300, 0)] // 606·log 10 − 1
    [InlineData("Exponential", 0.3068528194400547, 5e-324, 0, 1e-323, 0)] // 1 − log 2
    [InlineData("Laplace", 10000000689.775528, 0, 1e-300, 1e10, 1)] // 10¹⁰ + 300·log 10 − 1
    [InlineData("Laplace", 1.1353352832366127, -1e308, 1e308, 1e308, 1e308)] // e⁻² + 1
    [InlineData("Gamma", 3.068528194400547e199, 1e200, 1e200, 1e200, 2e200)] // 10²⁰⁰·(1 − log 2)
    public void Closed_forms_hold_to_1e_12(string family, double expected, double a, double b, double c, double d)
    {
        double value = KullbackLeibler.Between(Make(family, a, b), Make(family, c, d));
        if (double.IsInfinity(expected)) value.Should().Be(expected);
        else value.Should().BeApproximately(expected, 1e-12 * expected);
        KullbackLeibler.Between(Make(family, a, b), Make(family, a, b)).Should().Be(0);
    }

    [Fact]
    public void A_deviation_whose_square_is_no_double_is_one_for_a_multivariate_normal_too()
    {
        DiagonalNormalDistribution narrow = new([0, 0], [1e-200, 1e200]), wide = new([2e-200, 0], [2e-200, 1e200]);
        double expected = KullbackLeibler.Between(new NormalDistribution(0, 1), new NormalDistribution(2, 2));
        KullbackLeibler.Between(narrow, wide).Should().BeApproximately(expected, 1e-15);
        KullbackLeibler.Between(narrow, new MultivariateNormalDistribution(wide)).Should().BeApproximately(expected, 1e-15);
    }

    public static TheoryData<IDistribution<double>, IDistribution<double>> Numbers => new()
    {
        { new NormalDistribution(0.5, 2), new NormalDistribution(-1, 3) },
        { new UniformDistribution(1, 3), new UniformDistribution(0.5, 4) },
        { new ExponentialDistribution(2), new ExponentialDistribution(0.7) },
        { new LaplaceDistribution(1, 2), new LaplaceDistribution(-1, 1.5) },
        { new GammaDistribution(3, 2), new GammaDistribution(1.5, 1) },
        { new GammaDistribution(0.4, 2), new GammaDistribution(0.6, 1) },
        { new BetaDistribution(2, 5), new BetaDistribution(1.5, 1.5) },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_estimate_agrees_with_the_closed_form_within_5_standard_errors(IDistribution<double> p, IDistribution<double> q) => Agrees(p, q);

    [Fact]
    public void The_estimate_agrees_for_vectors_and_discrete_outcomes()
    {
        DiagonalNormalDistribution diagonal = new([1, -1, 0.5], [0.5, 1, 2]), other = new([0, 0, 0], [1, 1.5, 1.8]);
        MultivariateNormalDistribution full = new([1, 0, -1], Covariance), fuller = new([0, 0.5, 2], OtherCovariance);
        Agrees(diagonal, other);
        Agrees(full, fuller);
        Agrees(diagonal, fuller);
        Agrees(full, diagonal);
        Agrees(new BernoulliDistribution(0.3), new BernoulliDistribution(0.6));
        Agrees(new CategoricalDistribution([0.2, 0, 0.5, 0.3]), new CategoricalDistribution([0.1, 0.2, 0.3, 0.4]));
    }

    private static readonly double[,] Covariance = { { 2, 0.5, 0.25 }, { 0.5, 1, -0.25 }, { 0.25, -0.25, 1.5 } };
    private static readonly double[,] OtherCovariance = { { 1, 0.25, 0 }, { 0.25, 2, 0.5 }, { 0, 0.5, 3 } };

    [Fact]
    public void Full_covariances()
    {
        MultivariateNormalDistribution p = new([1, 0, -1], Covariance), q = new([0, 0.5, 2], OtherCovariance);
        KullbackLeibler.Between(p, q).Should().BeApproximately(2.467659936463551, 1e-14);
        KullbackLeibler.Between(p, new MultivariateNormalDistribution([1, 0, -1], Covariance)).Should().Be(0);
    }

    [Fact]
    public void A_diagonal_normal_is_a_sum_of_normals_and_a_case_of_the_full_one()
    {
        DiagonalNormalDistribution p = new([1, -1], [0.5, 2]), q = new([0, 3], [1, 1.5]);
        double expected = KullbackLeibler.Between(new NormalDistribution(1, 0.5), new NormalDistribution(0, 1))
            + KullbackLeibler.Between(new NormalDistribution(-1, 2), new NormalDistribution(3, 1.5));
        KullbackLeibler.Between(p, q).Should().BeApproximately(expected, 1e-14);
        KullbackLeibler.Between(new MultivariateNormalDistribution(p), q).Should().BeApproximately(expected, 1e-14);
        KullbackLeibler.Between(p, new MultivariateNormalDistribution(q)).Should().BeApproximately(expected, 1e-14);
    }

    [Fact]
    public void A_diagonal_normal_and_the_standard_one()
    {
        double[] mean = [0.3, -1.2, 0], logVariance = [-0.5, 0.7, 0];
        double expected = 0;
        for (int i = 0; i < 3; i++) expected -= (1 + logVariance[i] - mean[i] * mean[i] - Math.Exp(logVariance[i])) / 2;
        KullbackLeibler.Between(DiagonalNormalDistribution.FromLogVariances(mean, logVariance), DiagonalNormalDistribution.Standard(3))
            .Should().BeApproximately(expected, 1e-14);
    }

    [Fact]
    public void Categoricals_and_Bernoullis_reach_infinity()
    {
        KullbackLeibler.Between(new CategoricalDistribution([0.5, 0.5]), new CategoricalDistribution([0.9, 0.1])).Should().BeApproximately(0.5108256237659907, 1e-15);
        KullbackLeibler.Between(new CategoricalDistribution([0.5, 0.5]), new CategoricalDistribution([1, 0])).Should().Be(double.PositiveInfinity);
        KullbackLeibler.Between(new BernoulliDistribution(0.5), new BernoulliDistribution(1)).Should().Be(double.PositiveInfinity);
        KullbackLeibler.Between(new BernoulliDistribution(0), new BernoulliDistribution(0)).Should().Be(0);
    }

    [Fact]
    public void Different_sizes_are_rejected()
    {
        FluentActions.Invoking(() => KullbackLeibler.Between(DiagonalNormalDistribution.Standard(2), DiagonalNormalDistribution.Standard(3)))
            .Should().Throw<ArgumentException>().WithMessage("q has 3 elements and p has 2,*");
        FluentActions.Invoking(() => KullbackLeibler.Between(new CategoricalDistribution([1]), new CategoricalDistribution([0.5, 0.5])))
            .Should().Throw<ArgumentException>();
    }

    [Fact]
    public void An_unknown_pair_names_both_types_and_can_be_estimated()
    {
        NormalDistribution p = new(0, 1);
        LaplaceDistribution q = new(0, 1);
        FluentActions.Invoking(() => KullbackLeibler.Between(p, q)).Should().Throw<NotSupportedException>()
            .WithMessage("*NormalDistribution*LaplaceDistribution*Register*Estimate*");

        var estimate = KullbackLeibler.BetweenOrEstimate(p, q, 100_000, 7);
        // E log p − E log q with E|x| = √(2/π).
        double truth = -0.5 * Math.Log(2 * Math.PI * Math.E) + Math.Log(2) + Math.Sqrt(2 / Math.PI);
        estimate.StandardError.Should().BeInRange(1e-4, 1e-2);
        estimate.Value.Should().BeApproximately(truth, 5 * estimate.StandardError);
        KullbackLeibler.BetweenOrEstimate(p, q, 100_000, 7).Should().Be(estimate, "the seed decides");
        KullbackLeibler.BetweenOrEstimate(p, new NormalDistribution(1, 2), 2, 7).StandardError.Should().Be(0);
    }

    [Fact]
    public void The_standard_error_is_the_spread_of_repeated_estimates()
    {
        NormalDistribution p = new(0, 1), q = new(1, 2);
        var estimates = Enumerable.Range(0, 400).Select(seed => KullbackLeibler.Estimate(p, q, 200, (ulong)seed)).ToArray();
        double mean = estimates.Average(e => e.Value);
        double spread = Math.Sqrt(estimates.Average(e => (e.Value - mean) * (e.Value - mean)));
        // The relative standard error of a standard deviation of 400 draws is 1/√800; five of them.
        estimates.Average(e => e.StandardError).Should().BeApproximately(spread, spread * 5 / Math.Sqrt(800));
    }

    [Fact]
    public void An_estimate_is_infinite_where_the_model_has_no_density()
    {
        KullbackLeibler.Estimate(new NormalDistribution(0, 1), new ExponentialDistribution(1), 1000, 1).Value.Should().Be(double.PositiveInfinity);
        FluentActions.Invoking(() => KullbackLeibler.Estimate(new NormalDistribution(0, 1), new NormalDistribution(0, 1), 1, 1))
            .Should().Throw<ArgumentOutOfRangeException>().WithMessage("samples is 1,*");
    }

    private sealed record Point(double At) : IDistribution<double>
    {
        public double LogDensity(double value) => value == At ? 0 : double.NegativeInfinity;

        public double[] Sample(int count, ulong seed) => Enumerable.Repeat(At, count).ToArray();
    }

    [Fact]
    public void A_pair_of_ones_own_can_be_registered()
    {
        FluentActions.Invoking(() => KullbackLeibler.Between(new Point(1), new NormalDistribution(0, 1))).Should().Throw<NotSupportedException>();
        KullbackLeibler.Register<Point, Point>((p, q) => p.At == q.At ? 0 : double.PositiveInfinity);
        KullbackLeibler.Between(new Point(1), new Point(2)).Should().Be(double.PositiveInfinity);
        FluentActions.Invoking(() => KullbackLeibler.Between(new NormalDistribution(0, 1), new Point(1))).Should().Throw<NotSupportedException>();
    }

    private static void Agrees<T>(IDistribution<T> p, IDistribution<T> q)
    {
        var estimate = KullbackLeibler.Estimate(p, q, 50_000, 11);
        double exact = KullbackLeibler.Between(p, q);
        exact.Should().BeGreaterThan(10 * estimate.StandardError, "the test should be able to tell it from 0");
        // The rounding is all there is between uniform distributions.
        estimate.Value.Should().BeApproximately(exact, 5 * estimate.StandardError + 1e-14);
    }

    private static IDistribution Make(string family, double a, double b) => family switch
    {
        "Normal" => new NormalDistribution(a, b),
        "Laplace" => new LaplaceDistribution(a, b),
        "Gamma" => new GammaDistribution(a, b),
        "Beta" => new BetaDistribution(a, b),
        "Exponential" => new ExponentialDistribution(a),
        "Bernoulli" => new BernoulliDistribution(a),
        _ => new UniformDistribution(a, b),
    };
}
