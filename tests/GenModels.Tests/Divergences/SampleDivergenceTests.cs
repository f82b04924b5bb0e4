using GenModels.Distributions;
using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

public class SampleDivergenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Nearest_neighbours_find_the_divergence_of_normals(int k)
    {
        NormalDistribution p = new(0, 1), q = new(1, 2);
        Agrees(seed => SampleDivergence.NearestNeighbor(p.Sample(1000, seed), q.Sample(1500, seed + 1), k, clamp: false), KullbackLeibler.Between(p, q), 0.02);
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Nearest_neighbours_find_the_divergence_of_vectors()
    {
        DiagonalNormalDistribution p = new([0, 0, 0], [1, 1, 0.5]), q = new([0.5, 0, -0.5], [1, 1.5, 1]);
        Agrees(seed => SampleDivergence.NearestNeighbor(Table(p.Sample(1000, seed)), Table(q.Sample(1000, seed + 1)), 3, clamp: false), KullbackLeibler.Between(p, q), 0.1);
    }

    [Fact]
    public void The_tree_finds_what_looking_at_all_points_finds()
    {
        double[][] points = new DiagonalNormalDistribution([0, 0], [1, 3]).Sample(500, 1);
        // Duplicates, ties along an axis and points that coincide with the query.
        for (int i = 0; i < 60; i++) points[i] = [Math.Round(points[i][0]), Math.Round(points[i][1])];
        var tree = new KdTree(points.SelectMany(x => x).ToArray(), 2);
        foreach (double[] query in points.Concat(new DiagonalNormalDistribution([1, 0], [3, 3]).Sample(200, 2)))
        {
            double[] squares = points.Select(x => (x[0] - query[0]) * (x[0] - query[0]) + (x[1] - query[1]) * (x[1] - query[1])).Order().ToArray();
            int coinciding = squares.Count(square => square == 0);
            foreach (int k in (int[])[1, 2, 7]) tree.Neighbor(query, k).Should().Be((squares[coinciding + k - 1], coinciding));
        }
        tree.Neighbor([0, 0], 501).SquaredDistance.Should().Be(double.PositiveInfinity);
    }

    [Fact]
    public void Equal_samples_give_exactly_0_with_duplicates_too()
    {
        double[] x = new NormalDistribution(0, 1).Sample(300, 5);
        SampleDivergence.NearestNeighbor(x, x, 3, clamp: false).Should().Be(0);
        double[] rounded = Array.ConvertAll(x, value => Math.Round(value, 1));
        SampleDivergence.NearestNeighbor(rounded, rounded, 2, clamp: false).Should().Be(0);
        SampleDivergence.Histogram(x, x, 20).Should().Be(0);
        SampleDivergence.Histogram([1, 1, 1], [1, 1, 1], 5).Should().Be(0, "one bin holds all");
    }

    [Fact]
    public void Duplicates_and_shared_points_leave_the_estimate_finite_and_sensible()
    {
        NormalDistribution p = new(0, 1), q = new(1, 2);
        double[] x = p.Sample(2000, 8), y = q.Sample(2000, 9);
        double exact = KullbackLeibler.Between(p, q);
        SampleDivergence.NearestNeighbor(x.Concat(x[..50]).ToArray(), y.Concat(x[..20]).ToArray(), 5).Should().BeApproximately(exact, 0.3 * exact);
    }

    [Fact]
    public void A_negative_estimate_is_clamped_unless_asked_for()
    {
        NormalDistribution p = new(0, 1);
        var pairs = Enumerable.Range(0, 20).Select(i => 2 * (ulong)i).Select(seed => (X: p.Sample(200, seed), Y: p.Sample(200, seed + 1))).ToArray();
        double[] raw = [.. pairs.Select(pair => SampleDivergence.NearestNeighbor(pair.X, pair.Y, clamp: false))];
        raw.Should().Contain(value => value < 0, "the truth is 0 and the estimate spreads around it");
        pairs.Select(pair => SampleDivergence.NearestNeighbor(pair.X, pair.Y)).Should().Equal(raw.Select(value => Math.Max(0, value)));
    }

    [Fact]
    public void A_histogram_finds_the_divergence_of_normals()
    {
        NormalDistribution p = new(0, 1), q = new(1, 2);
        Agrees(seed => SampleDivergence.Histogram(p.Sample(4000, seed), q.Sample(4000, seed + 1), 40), KullbackLeibler.Between(p, q), 0.02);
    }

    [Fact]
    public void A_histogram_by_hand()
    {
        SampleDivergence.Histogram([0, 1, 3, 4], [0.5, 1.5, 1.9, 3.5], 2, pseudocount: 0)
            .Should().BeApproximately(Divergence.KullbackLeibler([0.5, 0.5], [0.75, 0.25]), 1e-15);
        SampleDivergence.Histogram([0, 1, 3, 4], [0.5, 1.5, 1.9, 3.5], 2, pseudocount: 1)
            .Should().BeApproximately(Divergence.KullbackLeibler([3, 3], [4, 2], normalize: true), 1e-15);
        SampleDivergence.Histogram([0, 4], [0, 1], 2, pseudocount: 0).Should().Be(double.PositiveInfinity);
        SampleDivergence.Histogram([-1e308, 1e308], [-1e308, 1e308], 4).Should().Be(0);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Rejects<ArgumentException>(() => SampleDivergence.NearestNeighbor([1, double.NaN], [1, 2], 1), "samplesOfP holds NaN in sample 1,*");
        Rejects<ArgumentException>(() => SampleDivergence.NearestNeighbor([], [1, 2], 1), "samplesOfP is empty,*");
        Rejects<ArgumentException>(() => SampleDivergence.NearestNeighbor([1, 1, 1], [1, 2], 1), "samplesOfP has too few different samples,*");
        Rejects<ArgumentException>(() => SampleDivergence.NearestNeighbor([1, 2, 3], [1, 2], 2), "samplesOfQ has too few different samples,*");
        Rejects<ArgumentException>(() => SampleDivergence.NearestNeighbor(new double[4, 2], new double[4, 3], 1), "*2 and 3 columns,*");
        Rejects<ArgumentOutOfRangeException>(() => SampleDivergence.NearestNeighbor([1, 2], [1, 2], 0), "k is 0,*");
        Rejects<ArgumentOutOfRangeException>(() => SampleDivergence.Histogram([1], [1], 0), "bins is 0,*");
        Rejects<ArgumentOutOfRangeException>(() => SampleDivergence.Histogram([1], [1], 1, -1), "pseudocount is -1,*");
        Rejects<ArgumentException>(() => SampleDivergence.Histogram([1], [], 1), "samplesOfQ is empty,*");

        static void Rejects<T>(Action action, string message) where T : Exception => action.Should().Throw<T>().WithMessage(message);
    }

    /// <summary>The mean of 40 estimates, within five of its standard errors and a bias that falls with the number of samples.</summary>
    private static void Agrees(Func<ulong, double> estimate, double exact, double bias)
    {
        double[] values = Enumerable.Range(0, 40).Select(i => estimate(1000 + 2 * (ulong)i)).ToArray();
        double mean = values.Average(), error = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) / (values.Length - 1));
        mean.Should().BeApproximately(exact, 5 * error + bias * exact);
        exact.Should().BeGreaterThan(10 * error, "the test should be able to tell it from 0");
    }

    private static double[,] Table(double[][] rows)
    {
        var table = new double[rows.Length, rows[0].Length];
        for (int i = 0; i < table.Length; i++) table[i / rows[0].Length, i % rows[0].Length] = rows[i / rows[0].Length][i % rows[0].Length];
        return table;
    }
}
