using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Clusters points: Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii 2007).</summary>
internal static class KMeans
{
    private const int MaximumIterations = 30;

    /// <summary>The cluster of each point.</summary>
    /// <param name="points">Shape [n, d], double precision, centred near 0.</param>
    /// <param name="clusters">How many, at most n. One may stay empty where points are equal.</param>
    /// <param name="generator">The source of the start.</param>
    /// <returns>Shape [n, clusters], 1 for the cluster of a point and 0 for the others.</returns>
    public static Tensor Assign(Tensor points, int clusters, Generator generator)
    {
        using var scope = NewDisposeScope();
        var members = Nearest(points, Start(points, clusters, generator));
        for (int i = 0; i < MaximumIterations; i++)
        {
            using var step = NewDisposeScope();
            var sizes = members.sum([0]).clamp(min: 1).unsqueeze(1);
            var next = Nearest(points, members.t().matmul(points) / sizes);
            if (next.eq(members).all().item<bool>()) break;
            members.copy_(next);
        }
        return members.MoveToOuterDisposeScope();
    }

    /// <summary>Draws each centre from the points with a probability proportional to the squared distance from the nearest centre before it.</summary>
    private static Tensor Start(Tensor points, int clusters, Generator generator)
    {
        using var scope = NewDisposeScope();
        double[] draws = rand(clusters, dtype: float64, generator: generator).data<double>().ToArray();
        long n = points.shape[0];
        var centres = new List<Tensor>();
        var distances = ones(n, dtype: float64);
        foreach (double draw in draws)
        {
            centres.Add(points.select(0, Index(distances, draw)));
            var fromNewest = (points - centres[^1]).square().sum(1);
            distances = centres.Count == 1 ? fromNewest : distances.minimum(fromNewest);
        }
        return stack(centres).MoveToOuterDisposeScope();
    }

    /// <summary>The index that a number in [0, 1) falls on when each index has a share proportional to its weight.</summary>
    private static long Index(Tensor weights, double draw)
    {
        long n = weights.shape[0];
        var cumulative = weights.cumsum(0);
        double total = cumulative.select(0, n - 1).item<double>();
        // Every point is a centre already: any will do.
        if (total == 0) return (long)(draw * n);
        return Math.Min(cumulative.le(draw * total).sum().item<long>(), n - 1);
    }

    private static Tensor Nearest(Tensor points, Tensor centres)
    {
        using var scope = NewDisposeScope();
        var distances = centres.square().sum(1) - 2 * points.matmul(centres.t());
        var nearest = distances.argmin(1).unsqueeze(1);
        return nearest.eq(arange(centres.shape[0], dtype: int64)).to(float64).MoveToOuterDisposeScope();
    }
}
