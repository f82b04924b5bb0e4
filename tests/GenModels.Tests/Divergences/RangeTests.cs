using GenModels.Distributions;
using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

/// <summary>What is within a double's range comes out right, though weights, products or differences on the way to it are not.</summary>
public class RangeTests
{
    private const double Relative = 1e-14;

    private static readonly double Log2 = Math.Log(2);

    // p = (½, ½) and q = (1, 2⁻²⁰⁹⁷) up to rounding: the least weight over the largest.
    private static readonly double[] Half = [1, 1], Widest = [Math.ScaleB(1, 1023), double.Epsilon];

    [Fact]
    public void Weights_may_span_all_of_a_doubles_range()
    {
        // ½·log(½/1) + ½·log(½/2⁻²⁰⁹⁷)
        ShouldBe(Divergence.KullbackLeibler(Half, Widest, normalize: true), 1047.5 * Log2);
        ShouldBe(Divergence.CrossEntropy(Half, Widest, normalize: true), 1048.5 * Log2);
        // The other direction adds log 2.
        ShouldBe(Divergence.Jeffreys(Half, Widest, normalize: true), 1048.5 * Log2);
        // Σ √(pq) = √½; Σ p²/q = ¼·2²⁰⁹⁷; max p/q = ½·2²⁰⁹⁷.
        ShouldBe(Divergence.Renyi(Half, Widest, 0.5, normalize: true), Log2);
        ShouldBe(Divergence.Renyi(Half, Widest, 2, normalize: true), 2095 * Log2);
        ShouldBe(Divergence.Renyi(Half, Widest, double.PositiveInfinity, normalize: true), 2096 * Log2);
        ShouldBe(Divergence.Renyi(Half, Widest, 1e306, normalize: true), 2096 * Log2);
        Divergence.Renyi(Widest, Half, 0, normalize: true).Should().Be(0, "every outcome is possible under both");
        // An outcome that q excludes is another matter.
        Divergence.KullbackLeibler(Half, [1, 0], normalize: true).Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Distances_are_right_though_their_squares_underflow()
    {
        // p = (1 − s, s) and q = (1, 0) with s = 2⁻²⁰⁴⁶: JS is ½·s·log 2 and the squared Hellinger distance ½·s, up to relative terms of s.
        double[] p = [Math.ScaleB(1, 1023), Math.ScaleB(1, -1023)], q = [1, 0];
        ShouldBe(Divergence.JensenShannonDistance(p, q, normalize: true), Math.ScaleB(Math.Sqrt(Log2 / 2), -1023));
        ShouldBe(Divergence.Hellinger(p, q, normalize: true), Math.ScaleB(Math.Sqrt(0.5), -1023));
    }

    [Fact]
    public void A_generalised_divergence_keeps_its_small_terms_beside_equal_large_ones()
    {
        double[] p = [1e308, Math.ScaleB(1, -1000)], q = [1e308, double.Epsilon];
        ShouldBe(Divergence.GeneralizedKullbackLeibler(p, q), Math.ScaleB(74 * Log2 - 1, -1000));
    }

    [Theory]
    [InlineData(1e-100)]
    [InlineData(1e-200)]
    [InlineData(1e-300)]
    public void Mutual_information_of_a_rare_pair_is_its_entropy(double rare)
    {
        var table = JointTable.FromProbabilities(new[,] { { 1, 0 }, { 0, rare } });
        // x decides y, so I(X; Y) = H(X) = −ε·log ε − (1 − ε)·log(1 − ε), the second term being ε up to ε².
        ShouldBe(table.MutualInformation(), rare * (1 - Math.Log(rare)));
        ShouldBe(table.MutualInformation(), table.EntropyX());
    }

    [Fact]
    public void The_uniform_distribution_on_nearly_all_doubles_draws_finite_numbers_all_over()
    {
        var wide = new UniformDistribution(-1e308, 1e308);
        double[] draws = wide.Sample(2_000, seed: 1);
        draws.Should().OnlyContain(x => x >= -1e308 && x <= 1e308);
        // In units of 10³⁰⁸ the standard deviation is 1/√3, and that of the square 2/√45.
        draws.Average(x => x / 1e308).Should().BeApproximately(0, 5 / Math.Sqrt(3 * 2_000));
        draws.Average(x => x / 1e308 * (x / 1e308)).Should().BeApproximately(1.0 / 3, 5 * 2 / Math.Sqrt(45 * 2_000));
        wide.LogDensity(0).Should().BeApproximately(-308 * Math.Log(10) - Log2, 1e-12);
    }

    [Theory]
    [InlineData(-700)]
    [InlineData(700)]
    public void The_nearest_neighbour_estimate_does_not_depend_on_the_unit(int exponent)
    {
        double[] x = new NormalDistribution(0, 1).Sample(200, seed: 1), y = new NormalDistribution(1, 2).Sample(300, seed: 2);
        double[] In(double[] values) => Array.ConvertAll(values, v => Math.ScaleB(v, exponent));
        SampleDivergence.NearestNeighbor(In(x), In(y)).Should().Be(SampleDivergence.NearestNeighbor(x, y));
    }

    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e307)]
    public void A_normal_is_fitted_in_any_unit(double unit)
    {
        var fit = NormalDistribution.Fit([9 * unit, 11 * unit]);
        ShouldBe(fit.Mean / unit, 10);
        ShouldBe(fit.StandardDeviation / unit, 1);
    }

    [Fact]
    public void Log_densities_are_right_though_differences_overflow()
    {
        ShouldBe(new NormalDistribution(-1e308, 1e308).LogDensity(1e308), -2 - 308 * Math.Log(10) - Math.Log(2 * Math.PI) / 2);
        ShouldBe(new LaplaceDistribution(-1e308, 1e308).LogDensity(1e308), -2 - 308 * Math.Log(10) - Log2);
    }

    private static void ShouldBe(double actual, double expected) => actual.Should().BeApproximately(expected, Relative * Math.Abs(expected));
}
