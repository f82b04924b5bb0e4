using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public class LogisticMixtureTests
{
    private static readonly MixtureLayout Grey = new(3, 1);
    private static readonly MixtureLayout Color = new(2, 3);

    /// <summary>Rows of y, how many of them share one x, pixels around the widths of vectors, components and channels.</summary>
    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1, 1 }, { 6, 2, 7, 3, 1 }, { 6, 3, 16, 10, 1 }, { 4, 4, 33, 1, 3 }, { 3, 1, 64, 10, 3 }, { 40, 20, 300, 5, 3 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Rows_and_gradients_equal_their_twins(int rows, int group, int pixels, int components, int channels)
    {
        using var scope = torch.NewDisposeScope();
        var layout = new MixtureLayout(components, channels);
        var (y, x) = (Arrays.Normal(rows * layout.Planes * pixels, 1, scale: 2).view(rows, -1), Levels(rows / group, channels * pixels));
        float[] weights = Arrays.Normal(rows, 7).Values();
        var (log, gradient) = LogisticMixtureRows.FusedGradient(y, x, layout, weights);
        var (twinLog, twinGradient) = LogisticMixtureRows.TwinGradient(y.to(torch.float64), x.to(torch.float64), layout, weights);

        LogisticMixtureRows.Fused(y, x, layout).Should().Equal(log, "what is wanted beside it changes no sum");
        // A level is a float of error 3e−8, which a scale of e⁻⁷ makes 1,100 times larger; and sums have a few dozen roundings.
        log.Should().Equal(twinLog, (a, e) => Math.Abs(a - e) <= 1e-4 * Math.Sqrt(pixels) + 1e-6 * Math.Abs(e));
        // A slope by a mean is up to 1/s, and 1/s times that error off.
        gradient.view(-1).ShouldMatch(twinGradient.to(torch.float32).view(-1), ulps: 400, floor: 5);
    }

    [Fact]
    public void The_logarithm_equals_the_definition_in_double_precision()
    {
        using var scope = torch.NewDisposeScope();
        foreach (double logScale in new[] { -9.0, -7, -4, -1, 0, 3, 8 })
        {
            foreach (double mean in new[] { -40.0, -1, -0.3, 0, 0.99, 1.5, 25 })
            {
                var y = torch.tensor([0f, (float)mean, (float)logScale]).expand(256, 3).contiguous();
                double[] actual = LogisticMixtureRows.Fused(y, AllLevels(), new(1, 1));
                for (int k = 0; k < 256; k++)
                {
                    double expected = Reference(k, (float)mean, logScale);
                    actual[k].Should().BeApproximately(expected, 2e-4 + 1e-6 * Math.Abs(expected), "level {0}, mean {1}, log s {2}", k, mean, logScale);
                }
            }
        }
    }

    [Fact]
    public void A_scale_that_is_wide_beside_the_levels_gives_each_but_the_ends_the_density_times_the_step()
    {
        using var scope = torch.NewDisposeScope();
        foreach (float logScale in new[] { 20f, 60, 80 })
        {
            double[] actual = LogisticMixtureRows.Fused(torch.tensor([0f, 0, logScale]).expand(256, 3).contiguous(), AllLevels(), new(1, 1));
            actual[1..^1].Should().OnlyContain(log => Math.Abs(log - (Math.Log(0.25 * 2 / 255) - logScale)) < 1e-5);
            (actual[0], actual[^1]).Should().Be((-0.6931471824645996, -0.6931471824645996), "half lies on either side");
        }
    }

    [Fact]
    public void The_levels_of_a_pixel_have_probabilities_that_sum_to_one()
    {
        using var scope = torch.NewDisposeScope();
        foreach (ulong seed in new ulong[] { 1, 2, 3, 4 })
        {
            var y = Arrays.Normal(Grey.Planes, seed, scale: seed).expand(256, Grey.Planes).contiguous();
            // Neighbors share an edge, whose place in units of the scale both round, by up to 1100·2⁻²⁴ where the scale is least.
            LogisticMixtureRows.Fused(y, AllLevels(), Grey).Sum(Math.Exp).Should().BeApproximately(1, 2e-4);
        }
    }

    [Fact]
    public void The_colors_of_a_pixel_have_probabilities_that_sum_to_one()
    {
        using var scope = torch.NewDisposeScope();
        var (x, y) = ColorCase.Batch();
        LogisticMixtureRows.Fused(y, x, Color).Sum(Math.Exp).Should().BeApproximately(1, 1e-4);
    }

    [Fact]
    public void Gradients_equal_differences_of_the_definition()
    {
        using var scope = torch.NewDisposeScope();
        var y = (0.5 * Arrays.Normal(2 * Color.Planes, 3).view(2, -1)).to(torch.float64);
        // A pixel at both ends and within, and one whose scale lies below the least, where the slope is 0.
        var x = torch.tensor([0f, 17 / 255f, 1f, 200 / 255f, 0f, 90 / 255f]).view(2, 3);
        double[] parameters = y.view(-1).data<double>().ToArray();
        parameters[Color.Means(1) + 2] = -9;
        y = torch.tensor(parameters).view(2, -1);
        double[] gradient = [.. LogisticMixtureRows.FusedGradient(y.to(torch.float32), x, Color, [0.5f, -2]).Gradient.Values().Select(v => (double)v)];
        double Objective(double[] p) => -0.5 * ReferenceOfColor(p[..Color.Planes], [0, 17, 255]) + 2 * ReferenceOfColor(p[Color.Planes..], [200, 0, 90]);
        for (int i = 0; i < parameters.Length; i++)
        {
            const double h = 1e-5;
            double[] up = [.. parameters], down = [.. parameters];
            up[i] += h;
            down[i] -= h;
            // The parameters of a float's error, times slopes and curvatures that scales of e⁻¹·⁵ and more keep below 100.
            gradient[i].Should().BeApproximately((Objective(up) - Objective(down)) / (2 * h), 2e-5 * (1 + Math.Abs(gradient[i])), "parameter {0}", i);
        }
        gradient[Color.Means(1) + 2].Should().Be(0);
    }

    [Fact]
    public void Parameters_of_any_size_give_finite_sums_and_what_is_no_number_shows()
    {
        using var scope = torch.NewDisposeScope();
        var x = Levels(4, 3 * 20);
        foreach (float size in new[] { 0, 1e3f, -1e3f, 1e6f, -1e6f })
        {
            var (log, gradient) = LogisticMixtureRows.FusedGradient(torch.full([4, Color.Planes * 20], size), x, Color, [1, 1, 1, 1]);
            log.Should().OnlyContain(v => double.IsFinite(v) && v < 0);
            gradient.Values().Should().OnlyContain(v => float.IsFinite(v));
        }
        for (int plane = 0; plane < Color.Planes; plane++)
        {
            var y = torch.zeros([4, Color.Planes, 20]);
            y.narrow(1, plane, 1).fill_(float.NaN);
            LogisticMixtureRows.Fused(y.view(4, -1), x, Color).Should().OnlyContain(v => double.IsNaN(v), "plane {0}", plane);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_rejected()
    {
        using var scope = torch.NewDisposeScope();
        foreach (long[] shape in new long[][] { [4, 19], [3, 40], [40] })
            FluentActions.Invoking(() => LogisticMixtureRows.Fused(torch.zeros(shape), torch.zeros(2, 6), Color)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_distance_to_the_levels_is_that_of_the_farthest_value()
    {
        using var scope = torch.NewDisposeScope();
        GridDistance.Of(Levels(3, 77)).Should().BeLessThan(2e-5);
        var x = Levels(3, 77);
        x.view(-1).narrow(0, 130, 1).fill_(100.3f / 255);
        GridDistance.Of(x).Should().BeApproximately(0.3, 1e-4);
        GridDistance.Twin(x).Should().BeApproximately(0.3, 1e-4);
    }

    /// <summary>Rows of levels, all of which occur, the ends often.</summary>
    private static torch.Tensor Levels(int rows, int columns)
    {
        var steps = (torch.tensor(new RandomGenerator(2).Uniform([rows, columns]).Values(), [rows, columns]) * 300 - 22).floor().clamp(0, 255);
        return steps / 255;
    }

    private static torch.Tensor AllLevels() => torch.tensor([.. Enumerable.Range(0, 256).Select(k => k / 255f)]).view(256, 1);

    private static double ReferenceOfColor(double[] p, int[] levels)
    {
        const int k = 2;
        double[] t = [.. levels.Select(level => 2 * level / 255.0 - 1)];
        double joint = double.NegativeInfinity, all = double.NegativeInfinity;
        for (int i = 0; i < k; i++)
        {
            double Parameter(int channel, int kind) => p[k + channel * 3 * k + kind * k + i];
            double Coefficient(int index) => Math.Tanh(Parameter(index, 2));
            double log = p[i]
                + Reference(levels[0], Parameter(0, 0), Parameter(0, 1))
                + Reference(levels[1], Parameter(1, 0) + Coefficient(0) * t[0], Parameter(1, 1))
                + Reference(levels[2], Parameter(2, 0) + Coefficient(1) * t[0] + Coefficient(2) * t[1], Parameter(2, 1));
            (joint, all) = (LogAdd(joint, log), LogAdd(all, p[i]));
        }
        return joint - all;
    }

    private static double LogAdd(double a, double b) => Math.Max(a, b) + double.LogP1(Math.Exp(-Math.Abs(Math.Max(a, b) - Math.Min(a, b))));

    /// <summary>The logarithm of the difference of two cumulative probabilities, on the side of the mean on which both are small.</summary>
    private static double Reference(int level, double mean, double logScale)
    {
        double s = Math.Exp(Math.Max(logScale, -7)), t = 2 * level / 255.0 - 1;
        double a = (t - mean + 1 / 255.0) / s, b = (t - mean - 1 / 255.0) / s;
        if (level == 0) return -Softplus(-a);
        if (level == 255) return -Softplus(b);
        if (a + b > 0) (a, b) = (-b, -a);
        // σ(a) − σ(b) = σ(a)·(1 − σ(b)/σ(a)).
        return -Softplus(-a) + Math.Log(-ExpMinus1(Softplus(-a) - Softplus(-b)));
    }

    private static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    private static double LogOnePlus(double e) => e < 1e-5 ? e - e * e / 2 : Math.Log(1 + e);

    private static double ExpMinus1(double x) => Math.Abs(x) < 1e-5 ? x * (1 + x / 2) : Math.Exp(x) - 1;
}
