using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class PlanarSetTests
{
    [Fact]
    public void The_rings_centres_are_at_equal_angles_without_a_repeated_end()
    {
        var centres = GaussianMixture2D.Ring(8).Centres;

        var half = (float)Math.Sqrt(0.5);
        (float X, float Y)[] expected = [(1, 0), (half, half), (0, 1), (-half, half), (-1, 0), (-half, -half), (0, -1), (half, -half)];
        centres.Should().HaveCount(8);
        for (var i = 0; i < 8; i++)
        {
            centres[i].X.Should().BeApproximately(expected[i].X, 1e-7f);
            centres[i].Y.Should().BeApproximately(expected[i].Y, 1e-7f);
        }
        GaussianMixture2D.Ring().StandardDeviation.Should().Be(0.01f);
        GaussianMixture2D.Ring(3, radius: 2).Centres[0].Should().Be((2f, 0f));
    }

    [Fact]
    public void The_grid_is_centred_and_spaced()
    {
        var grid = GaussianMixture2D.Grid();

        grid.StandardDeviation.Should().Be(0.05f);
        grid.Centres.Should().BeEquivalentTo(
            from y in new[] { -4f, -2, 0, 2, 4 } from x in new[] { -4f, -2, 0, 2, 4 } select (x, y), options => options.WithStrictOrdering());
        GaussianMixture2D.Grid(2, spacing: 1).Centres.Should().Equal((-0.5f, -0.5f), (0.5f, -0.5f), (-0.5f, 0.5f), (0.5f, 0.5f));
    }

    [Fact]
    public void A_mixtures_points_spread_over_its_modes_with_its_standard_deviation()
    {
        const int count = 50_000;
        var grid = GaussianMixture2D.Grid(3, spacing: 2, standardDeviation: 0.1f);

        var points = grid.Sample(count, seed: 5);

        points.Count.Should().Be(count);
        points.ExampleShape.Should().Equal(2);
        var perMode = new int[9];
        double sumX = 0, squares = 0;
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (points.Values[2 * i], points.Values[2 * i + 1]);
            // Neighbours are twenty σ apart, so the nearest centre is the one a point came from.
            var mode = Enumerable.Range(0, 9).MinBy(m => Math.Pow(x - grid.Centres[m].X, 2) + Math.Pow(y - grid.Centres[m].Y, 2));
            perMode[mode]++;
            sumX += x - grid.Centres[mode].X;
            squares += Math.Pow(x - grid.Centres[mode].X, 2) + Math.Pow(y - grid.Centres[mode].Y, 2);
        }
        // χ² with 8 degrees of freedom has standard deviation 4; five standard errors here and below.
        perMode.Sum(n => Math.Pow(n - count / 9.0, 2) / (count / 9.0)).Should().BeLessThan(8 + 5 * 4);
        (sumX / count).Should().BeApproximately(0, 5 * 0.1 / Math.Sqrt(count));
        (squares / (2 * count)).Should().BeApproximately(0.01, 5 * 0.01 * Math.Sqrt(2.0 / (2 * count)));
    }

    [Fact]
    public void Noiseless_moons_lie_on_their_half_circles()
    {
        var points = new TwoMoons(noise: 0).Sample(2000, seed: 1).Values.ToArray();

        var upper = 0;
        for (var i = 0; i < points.Length; i += 2)
        {
            var (x, y) = (points[i], points[i + 1]);
            var isUpper = Math.Abs(Math.Sqrt(x * x + y * y) - 1) < 1e-6 && y >= -1e-6;
            var isLower = Math.Abs(Math.Sqrt((x - 1) * (x - 1) + (y - 0.5) * (y - 0.5)) - 1) < 1e-6 && y <= 0.5 + 1e-6;
            (isUpper || isLower).Should().BeTrue("({0}, {1}) must be on a moon", x, y);
            upper += isUpper ? 1 : 0;
        }
        // Five standard errors of a fair coin, and the crossings that count as both.
        upper.Should().BeCloseTo(1000, 5 * 23);
    }

    [Fact]
    public void The_moons_noise_is_added_along_both_axes()
    {
        const int count = 20_000;
        var noisy = new TwoMoons(noise: 0.2f).Sample(count, seed: 9).Values.ToArray();
        var plain = new TwoMoons(noise: 0).Sample(count, seed: 9).Values.ToArray();

        // The draws are the same, so the difference is the noise alone.
        foreach (var axis in new[] { 0, 1 })
        {
            var noise = Enumerable.Range(0, count).Select(i => (double)noisy[2 * i + axis] - plain[2 * i + axis]).ToArray();
            noise.Average(x => x * x).Should().BeApproximately(0.04, 5 * 0.04 * Math.Sqrt(2.0 / count));
        }
        new TwoMoons().Noise.Should().Be(0.05f);
    }

    [Fact]
    public void The_same_seed_gives_the_same_points_and_another_seed_others()
    {
        var ring = GaussianMixture2D.Ring();
        var moons = new TwoMoons();

        ring.Sample(100, 1).Values.ToArray().Should().Equal(ring.Sample(100, 1).Values.ToArray());
        ring.Sample(100, 1).Values.ToArray().Should().NotEqual(ring.Sample(100, 2).Values.ToArray());
        moons.Sample(100, 1).Values.ToArray().Should().Equal(moons.Sample(100, 1).Values.ToArray());
        moons.Sample(100, 1).Values.ToArray().Should().NotEqual(moons.Sample(100, 2).Values.ToArray());
    }

    [Fact]
    public void Arguments_outside_their_range_are_refused()
    {
        Parameter(() => GaussianMixture2D.Ring(0)).Should().Be("modes");
        Parameter(() => GaussianMixture2D.Ring(radius: float.NaN)).Should().Be("radius");
        Parameter(() => GaussianMixture2D.Ring(standardDeviation: float.NaN)).Should().Be("standardDeviation");
        Parameter(() => GaussianMixture2D.Grid(standardDeviation: 0)).Should().Be("standardDeviation");
        Parameter(() => GaussianMixture2D.Grid(0)).Should().Be("side");
        Parameter(() => GaussianMixture2D.Grid(100_000)).Should().Be("side");
        Parameter(() => GaussianMixture2D.Grid(spacing: float.PositiveInfinity)).Should().Be("spacing");
        Parameter(() => GaussianMixture2D.Ring().Sample(0, 1)).Should().Be("count");
        Parameter(() => GaussianMixture2D.Ring().Sample(int.MaxValue, 1)).Should().Be("count");
        Parameter(() => new TwoMoons(float.NaN)).Should().Be("noise");
        Parameter(() => new TwoMoons(-0.1f)).Should().Be("noise");
        Parameter(() => new TwoMoons().Sample(0, 1)).Should().Be("count");
    }

    private static string? Parameter(Func<object> call) => call.Should().Throw<ArgumentOutOfRangeException>().Which.ParamName;
}
