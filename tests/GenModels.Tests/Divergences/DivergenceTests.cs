using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

public class DivergenceTests
{
    private const double Exact = 1e-15;
    private const double SomeRoundings = 1e-14;

    private static readonly double[] Half = [0.5, 0.5], Skewed = [0.9, 0.1];

    [Fact]
    public void Known_values_in_nats_and_bits()
    {
        Divergence.KullbackLeibler(Half, Skewed).Should().BeApproximately(0.5108256237659907, Exact);
        Divergence.KullbackLeibler(Half, Skewed, LogBase.Bits).Should().BeApproximately(0.7369655941662062, Exact);
        Divergence.JensenShannon(Half, Skewed).Should().BeApproximately(0.1017492251, 5e-11);
        Divergence.JensenShannonDistance(Half, Skewed).Should().BeApproximately(0.3189815435, 5e-11);
        Divergence.Entropy([0.5, 0.2, 0.3]).Should().BeApproximately(1.0296530140645737, Exact);
        Divergence.Entropy([0, 1, 2], normalize: true).Should().BeApproximately(0.6365141682948128, Exact);
    }

    [Fact]
    public void Columns_that_SciPy_documents()
    {
        Divergence.KullbackLeibler([0.1, 0.6, 0.3], [0.2, 0.3, 0.5]).Should().BeApproximately(0.1933259, 5e-8);
        Divergence.KullbackLeibler([0.2, 0.3, 0.5], [0.1, 0.6, 0.3]).Should().BeApproximately(0.18609809, 5e-9);
        Divergence.KullbackLeibler([0.1, 0.6, 0.3], [0, 0.3, 0.5], normalize: true).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void The_base_is_a_unit_and_nats_are_the_default()
    {
        Divergence.Entropy([0.25, 0.25, 0.25, 0.25], LogBase.Bits).Should().Be(2);
        Divergence.Entropy([0.1, 0.1, 0.8], LogBase.Hartleys).Should().BeApproximately(Divergence.Entropy([0.1, 0.1, 0.8]) / Math.Log(10), Exact);
        Divergence.Entropy([0.1, 0.1, 0.8], LogBase.Of(3)).Should().BeApproximately(Divergence.Entropy([0.1, 0.1, 0.8]) / Math.Log(3), Exact);
        Divergence.Entropy(Skewed, LogBase.Of(2)).Should().Be(Divergence.Entropy(Skewed, LogBase.Bits));
        Divergence.Entropy(Skewed).Should().Be(Divergence.Entropy(Skewed, LogBase.Nats));
        Divergence.JensenShannon([1, 0], [0, 1], LogBase.Bits).Should().Be(1);
        Divergence.JensenShannonDistance(Half, Skewed, LogBase.Bits)
            .Should().BeApproximately(Math.Sqrt(Divergence.JensenShannon(Half, Skewed) / Math.Log(2)), Exact);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(double.PositiveInfinity)]
    public void A_base_that_is_none_is_rejected(double value) =>
        FluentActions.Invoking(() => LogBase.Of(value)).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{value}*");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Entropy_of_the_uniform_distribution_is_log_n(int n) =>
        Divergence.Entropy(Uniform(n)).Should().BeApproximately(Math.Log(n), Exact * Math.Max(1, Math.Log(n)));

    [Fact]
    public void Entropy_is_largest_for_the_uniform_distribution()
    {
        foreach (var c in ReferenceCase.All)
        {
            int n = c.P.Length;
            Divergence.Entropy(c.P, normalize: true).Should().BeInRange(0, Math.Log(n) * (1 + Exact));
            // Strictly, by the divergence from the uniform distribution that is missing: H(p) = log n − KL(p‖uniform).
            double missing = Divergence.KullbackLeibler(c.P, Uniform(n), normalize: true);
            Divergence.Entropy(c.P, normalize: true).Should().BeApproximately(Math.Log(n) - missing, SomeRoundings);
        }
    }

    [Fact]
    public void Cross_entropy_is_at_least_the_entropy_and_equal_for_equal_inputs()
    {
        foreach (var c in ReferenceCase.All)
        {
            double entropy = Divergence.Entropy(c.P, normalize: true);
            Divergence.CrossEntropy(c.P, c.Q, normalize: true).Should().BeGreaterThanOrEqualTo(entropy * (1 - 2 * Exact));
            Divergence.CrossEntropy(c.P, c.P, normalize: true).Should().Be(entropy);
        }
        Divergence.CrossEntropy(Half, [0.500001, 0.499999]).Should().BeGreaterThan(Divergence.Entropy(Half));
        Divergence.CrossEntropy(Half, Skewed).Should().BeGreaterThan(Divergence.Entropy(Half) + 0.5);
    }

    [Fact]
    public void KL_is_cross_entropy_less_entropy()
    {
        foreach (var c in ReferenceCase.All)
        {
            double cross = Divergence.CrossEntropy(c.P, c.Q, normalize: true), entropy = Divergence.Entropy(c.P, normalize: true);
            Divergence.KullbackLeibler(c.P, c.Q, normalize: true).Should().BeApproximately(cross - entropy, SomeRoundings * Math.Max(1, cross));
        }
    }

    [Fact]
    public void KL_is_directed()
    {
        Divergence.KullbackLeibler(Half, Skewed).Should().BeApproximately(0.5108256237659907, Exact);
        Divergence.KullbackLeibler(Skewed, Half).Should().BeApproximately(0.3680642071684971, Exact);
    }

    [Fact]
    public void No_divergence_is_negative_not_even_by_rounding()
    {
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            double[] p = RandomDistribution(random, 2 + round % 30), q = Perturbed(p, random, Math.Pow(10, -random.Next(1, 18)));
            foreach (double value in EveryDivergence(p, q)) value.Should().BeGreaterThanOrEqualTo(0);
            Divergence.GeneralizedKullbackLeibler(p, q).Should().BeGreaterThanOrEqualTo(0);
        }
        foreach (var c in ReferenceCase.All)
        {
            foreach (double value in EveryDivergence(c.P, c.Q)) value.Should().BeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public void Every_divergence_is_exactly_0_for_equal_inputs()
    {
        foreach (var c in ReferenceCase.All)
        {
            EveryDivergence(c.P, c.P).Should().OnlyContain(value => value == 0 && !double.IsNegative(value));
            Divergence.GeneralizedKullbackLeibler(c.P, c.P).Should().Be(0);
        }
        EveryDivergence([0, 1, 2], [0, 2, 4]).Should().OnlyContain(value => value == 0, "twice the weights are the same distribution");
    }

    [Fact]
    public void Jensen_Shannon_lies_between_0_and_log_2_and_is_symmetric()
    {
        foreach (var c in ReferenceCase.All)
        {
            double js = Divergence.JensenShannon(c.P, c.Q, normalize: true);
            js.Should().BeInRange(0, Math.Log(2)).And.Be(Divergence.JensenShannon(c.Q, c.P, normalize: true));
        }
    }

    [Fact]
    public void Jensen_Shannon_is_the_mean_divergence_from_the_mixture()
    {
        double[] mixture = [0.7, 0.3];
        double expected = (Divergence.KullbackLeibler(Half, mixture) + Divergence.KullbackLeibler(Skewed, mixture)) / 2;
        Divergence.JensenShannon(Half, Skewed).Should().BeApproximately(expected, Exact);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    public void On_disjoint_supports_JS_is_exactly_log_2_while_KL_is_infinite(int n)
    {
        double[] p = new double[2 * n], q = new double[2 * n];
        Uniform(n).CopyTo(p, 0);
        Uniform(n).CopyTo(q, n);
        Divergence.JensenShannon(p, q).Should().Be(Math.Log(2));
        Divergence.JensenShannonDistance(p, q).Should().Be(Math.Sqrt(Math.Log(2)));
        Divergence.KullbackLeibler(p, q).Should().Be(double.PositiveInfinity);
        Divergence.CrossEntropy(p, q).Should().Be(double.PositiveInfinity);
        Divergence.Jeffreys(p, q).Should().Be(double.PositiveInfinity);
        Divergence.TotalVariation(p, q).Should().Be(1);
        Divergence.Hellinger(p, q).Should().Be(1);
        foreach (double order in Orders.Where(order => order > 0)) Divergence.Renyi(p, q, order).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void The_Jensen_Shannon_distance_is_a_metric_and_the_divergence_is_none()
    {
        var random = new Random(2);
        for (int round = 0; round < 1000; round++)
        {
            double[] a = RandomDistribution(random, 4), b = RandomDistribution(random, 4), c = RandomDistribution(random, 4);
            Divergence.JensenShannonDistance(a, c).Should().BeLessThanOrEqualTo(
                Divergence.JensenShannonDistance(a, b) + Divergence.JensenShannonDistance(b, c) + SomeRoundings);
        }
        Divergence.JensenShannon([1, 0], [0, 1]).Should().BeGreaterThan(2 * Divergence.JensenShannon([1, 0], Half), "it breaks the triangle inequality");
    }

    [Fact]
    public void Edges_where_others_return_NaN_or_infinity_stay_finite()
    {
        double x = Math.BitIncrement(0.5);
        double t = 2 * x - 1;
        Divergence.JensenShannonDistance([x, 1 - x], [1 - x, x]).Should().BeApproximately(t / Math.Sqrt(2), 1e-12 * t);
        Divergence.KullbackLeibler([0, 1], [5e-324, 1]).Should().Be(5e-324);
        Divergence.JensenShannon([0, 1], [5e-324, 1]).Should().BeInRange(0, 5e-324);
        Divergence.JensenShannonDistance([0, 1], [5e-324, 1]).Should().BeApproximately(Math.Sqrt(5e-324) * Math.Sqrt(Math.Log(2) / 2), 1e-170);
    }

    [Fact]
    public void Weights_of_any_size_can_be_normalised()
    {
        double expected = Divergence.KullbackLeibler(Half, Skewed);
        Divergence.KullbackLeibler([1e308, 1e308], [9, 1], normalize: true).Should().BeApproximately(expected, Exact);
        Divergence.KullbackLeibler([5e-324, 5e-324], [9, 1], normalize: true).Should().BeApproximately(expected, Exact);
        Divergence.GeneralizedKullbackLeibler([5e-324], [1e-323]).Should().Be(0, "5e-324·(1 − log 2) rounds to it");
        Divergence.GeneralizedKullbackLeibler([1e-322], [1e-300]).Should().BeApproximately(1e-300, 1e-315);
    }

    [Fact]
    public void The_generalised_divergence_needs_no_normalisation()
    {
        Divergence.GeneralizedKullbackLeibler([2, 3], [4, 1]).Should().BeApproximately(2 * Math.Log(0.5) + 3 * Math.Log(3), SomeRoundings);
        Divergence.GeneralizedKullbackLeibler([1, 0], [3, 5]).Should().BeApproximately(-Math.Log(3) + 2 + 5, SomeRoundings);
        Divergence.GeneralizedKullbackLeibler([1, 2], [1, 0]).Should().Be(double.PositiveInfinity);
        Divergence.GeneralizedKullbackLeibler([0, 0], [0, 0]).Should().Be(0);
        Divergence.GeneralizedKullbackLeibler(Half, Skewed).Should().BeApproximately(Divergence.KullbackLeibler(Half, Skewed), Exact);
    }

    [Fact]
    public void Total_variation_Hellinger_and_Jeffreys_by_their_definitions()
    {
        Divergence.TotalVariation(Half, Skewed).Should().BeApproximately(0.4, Exact);
        Divergence.Hellinger(Half, Skewed).Should().BeApproximately(Math.Sqrt(1 - Math.Sqrt(0.45) - Math.Sqrt(0.05)), SomeRoundings);
        Divergence.Jeffreys(Half, Skewed).Should().BeApproximately(
            Divergence.KullbackLeibler(Half, Skewed) + Divergence.KullbackLeibler(Skewed, Half), Exact);
        Divergence.Hellinger([1, 3], [9, 1], normalize: true).Should().BeApproximately(Divergence.Hellinger([0.25, 0.75], Skewed), Exact);
        Divergence.TotalVariation([1, 3], [9, 1], normalize: true).Should().BeApproximately(0.65, Exact);
    }

    [Fact]
    public void Pinskers_and_Hellingers_inequalities_hold()
    {
        foreach (var c in ReferenceCase.All)
        {
            double variation = Divergence.TotalVariation(c.P, c.Q, normalize: true), hellinger = Divergence.Hellinger(c.P, c.Q, normalize: true);
            Divergence.KullbackLeibler(c.P, c.Q, normalize: true).Should().BeGreaterThanOrEqualTo(2 * variation * variation * (1 - SomeRoundings));
            variation.Should().BeInRange(hellinger * hellinger * (1 - SomeRoundings), Math.Sqrt(2) * hellinger * (1 + SomeRoundings));
        }
    }

    private static readonly double[] Orders = [0, 1e-9, 0.3, 0.5, 0.999999, 1, 1.000001, 2, 50, double.PositiveInfinity];

    [Fact]
    public void Renyi_orders_with_names_of_their_own()
    {
        double[] p = [0.5, 0.5, 0], q = [0.6, 0.3, 0.1];
        Divergence.Renyi(p, q, 0).Should().BeApproximately(-Math.Log(0.9), Exact);
        Divergence.Renyi(p, q, 0.5).Should().BeApproximately(-2 * Math.Log(Math.Sqrt(0.3) + Math.Sqrt(0.15)), Exact);
        Divergence.Renyi(p, q, 1).Should().Be(Divergence.KullbackLeibler(p, q));
        Divergence.Renyi(p, q, 2).Should().BeApproximately(Math.Log(0.25 / 0.6 + 0.25 / 0.3), Exact);
        Divergence.Renyi(p, q, double.PositiveInfinity).Should().BeApproximately(Math.Log(0.5 / 0.3), Exact);
        Divergence.Renyi(p, q, 2, LogBase.Bits).Should().BeApproximately(Math.Log2(1.25), Exact);
        Divergence.Renyi(q, p, 2).Should().Be(double.PositiveInfinity);
        Divergence.Renyi(q, p, 0.5).Should().BeApproximately(Divergence.Renyi(p, q, 0.5), Exact);
        Divergence.Renyi([0.3, 0.7, 0, 0], [1e-200, 1e-300, 0.5, 0.5], 0.5).Should().BeApproximately(
            -2 * Math.Log(Math.Sqrt(0.3) * 1e-100), 1e-12, "nearly disjoint");
        Divergence.Renyi(Half, [1e-300, 1], 50).Should().BeApproximately((50 * Math.Log(0.5) - 49 * Math.Log(1e-300)) / 49, 1e-12);
    }

    [Fact]
    public void Renyi_grows_with_the_order_through_KL_at_1()
    {
        foreach (var c in ReferenceCase.All)
        {
            double[] values = Array.ConvertAll(Orders, order => Divergence.Renyi(c.P, c.Q, order, normalize: true));
            for (int i = 1; i < values.Length; i++)
            {
                // The totals are known to twice a double's precision, about 10⁻³².
                values[i].Should().BeGreaterThanOrEqualTo(values[i - 1] * (1 - 1e-12) - 1e-31, "order {0} follows {1}", Orders[i], Orders[i - 1]);
            }
        }
    }

    [Fact]
    public void Renyi_stays_accurate_for_nearly_equal_distributions()
    {
        // To second order every measure of this family is α/2·Σ(p − q)²/p.
        double e = Math.ScaleB(1, -30);
        foreach (double order in Orders.Where(order => order is > 0 and <= 50))
            Divergence.Renyi(Half, [0.5 + e, 0.5 - e], order).Should().BeApproximately(2 * order * e * e, 2 * order * e * e * 1e-13);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void An_order_that_is_none_is_rejected(double order) =>
        FluentActions.Invoking(() => Divergence.Renyi(Half, Skewed, order)).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{order}*");

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_bad_element_is_rejected_with_its_index(double bad)
    {
        double[] broken = [0.5, 0.6, bad];
        foreach (var measure in Measures)
        {
            FluentActions.Invoking(() => measure(broken, [0.2, 0.3, 0.5])).Should().Throw<ArgumentException>()
                .WithMessage($"p[2] is {bad},*").WithParameterName("p");
            FluentActions.Invoking(() => measure([0.2, 0.3, 0.5], broken)).Should().Throw<ArgumentException>()
                .WithMessage($"q[2] is {bad},*").WithParameterName("q");
        }
        FluentActions.Invoking(() => Divergence.Entropy(broken)).Should().Throw<ArgumentException>().WithMessage($"p[2] is {bad},*");
    }

    [Fact]
    public void Unequal_lengths_are_rejected_with_both_and_the_index_where_one_ends()
    {
        foreach (var measure in Measures)
            FluentActions.Invoking(() => measure([0.5, 0.5], [0.5, 0.3, 0.2])).Should().Throw<ArgumentException>()
                .WithMessage("p has 2 elements and q has 3,*Index 2 *");
    }

    [Fact]
    public void Unnormalised_and_empty_input_is_rejected()
    {
        foreach (var measure in Measures.Where(measure => measure != Generalized))
        {
            FluentActions.Invoking(() => measure(Half, [0.5, 0.4])).Should().Throw<ArgumentException>().WithMessage("q sums to 0.9,*normalize: true*");
            FluentActions.Invoking(() => measure([0, 0], Half)).Should().Throw<ArgumentException>().WithMessage("p sums to 0,*");
        }
        FluentActions.Invoking(() => Divergence.Entropy([0, 0], normalize: true)).Should().Throw<ArgumentException>().WithMessage("p sums to 0,*");
        FluentActions.Invoking(() => Divergence.Entropy([])).Should().Throw<ArgumentException>().WithMessage("p is empty,*");
        Divergence.Entropy([(float)0.1, (float)0.2, (float)0.7]).Should().BePositive("single precision sums to 1 closely enough");
    }

    private delegate double Measure(double[] p, double[] q);

    private static readonly Measure Generalized = (p, q) => Divergence.GeneralizedKullbackLeibler(p, q);

    private static readonly Measure[] Measures =
    [
        Generalized,
        (p, q) => Divergence.CrossEntropy(p, q),
        (p, q) => Divergence.KullbackLeibler(p, q),
        (p, q) => Divergence.JensenShannon(p, q),
        (p, q) => Divergence.JensenShannonDistance(p, q),
        (p, q) => Divergence.TotalVariation(p, q),
        (p, q) => Divergence.Hellinger(p, q),
        (p, q) => Divergence.Jeffreys(p, q),
        (p, q) => Divergence.Renyi(p, q, 2),
    ];

    private static double[] EveryDivergence(double[] p, double[] q) =>
    [
        Divergence.KullbackLeibler(p, q, normalize: true),
        Divergence.JensenShannon(p, q, normalize: true),
        Divergence.JensenShannonDistance(p, q, normalize: true),
        Divergence.TotalVariation(p, q, normalize: true),
        Divergence.Hellinger(p, q, normalize: true),
        Divergence.Jeffreys(p, q, normalize: true),
        .. Orders.Select(order => Divergence.Renyi(p, q, order, normalize: true)),
    ];

    private static double[] Uniform(int n) => Enumerable.Repeat(1.0 / n, n).ToArray();

    private static double[] RandomDistribution(Random random, int n) => Normalized(Enumerable.Range(0, n).Select(_ => -Math.Log(1 - random.NextDouble())));

    private static double[] Perturbed(double[] p, Random random, double size) => Normalized(p.Select(x => x * (1 + size * random.NextDouble())));

    private static double[] Normalized(IEnumerable<double> weights)
    {
        double[] w = weights.ToArray();
        double sum = w.Sum();
        return Array.ConvertAll(w, x => x / sum);
    }
}
