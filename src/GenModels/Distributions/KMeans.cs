using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Clusters points: Lloyd's algorithm from a k-means++ start (Arthur and Vassilvitskii 2007).</summary>
internal static class KMeans
{
    private const int MaximumIterations = 30;

    /// <summary>The cluster of each point.</summary>
    /// <param name="points">Shape [n, d], double precision, centered near 0.</param>
    /// <param name="clusters">How many, at most n. One may stay empty where points are equal.</param>
    /// <param name="generator">The source of the start.</param>
    /// <returns>Shape [n, clusters], 1 for the cluster of a point and 0 for the others.</returns>
    public static Tensor Assign(Tensor points, int clusters, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        return Nearest(points, Centres(points, clusters, generator)).MoveToOuterDisposeScope();
    }

    /// <summary>The means of the clusters, shape [clusters, d]; parameters as above. Memory does not grow with n times clusters.</summary>
    public static Tensor Centres(Tensor points, int clusters, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        var centres = Start(points, clusters, generator);
        for (int i = 0; i < MaximumIterations; i++)
        {
            using var step = NewDisposeScope();
            var next = Means(points, centres);
            if (next.eq(centres).all().item<bool>()) break;
            centres.copy_(next);
        }
        return centres.MoveToOuterDisposeScope();
    }

    /// <summary>The mean of the points that are nearest to each centre; a centre without points stays.</summary>
    private static Tensor Means(Tensor points, Tensor centres)
    {
        using var scope = NewDisposeScope();
        var (sums, sizes) = (zeros_like(centres), zeros(centres.shape[0], 1, float64));
        Pairwise.Blocks(points, centres.shape[0], (_, rows) =>
        {
            var members = Nearest(rows, centres).t();
            sums.addmm_(members, rows, beta: 1, alpha: 1);
            sizes.add_(members.sum(1, keepdim: true));
        });
        return where(sizes.gt(0), sums / sizes.clamp(min: 1), centres).MoveToOuterDisposeScope();
    }

    /// <summary>Draws each centre from the points with a probability proportional to the squared distance from the nearest centre before it.</summary>
    private static Tensor Start(Tensor points, int clusters, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        var draws = new double[clusters];
        generator.FillUniform(draws);
        long n = points.shape[0];
        var centres = new List<Tensor>();
        var distances = ones(n, dtype: float64);
        foreach (double draw in draws)
        {
            centres.Add(points.select(0, Index(distances, draw)));
            var fromNewest = Pairwise.SquaredDistances(points, centres[^1].unsqueeze(0)).squeeze(1);
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
