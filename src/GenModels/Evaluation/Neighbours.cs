using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>Nearest neighbors in a feature space, by comparing all pairs in blocks.</summary>
internal static class Neighbours
{
    /// <summary>The squared distance from each row [n, d] to its k-th nearest among the others: shape [n].</summary>
    public static Tensor SquaredRadii(Tensor points, int k)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        Pairwise.Blocks(points, points.shape[0], (_, rows) =>
        {
            // Each point's smallest distance is that to itself.
            var (smallest, _) = Pairwise.SquaredDistances(rows, points).topk(k + 1, 1, largest: false);
            parts.Add(smallest.select(1, k).clone().MoveToOuterDisposeScope());
        });
        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>For each query [n, d] the index of its nearest reference [m, d], and the Euclidean distance.</summary>
    public static (int[] Indices, double[] Distances) Nearest(Tensor queries, Tensor references)
    {
        var indices = new List<int>();
        var distances = new List<double>();
        Pairwise.Blocks(queries, references.shape[0], (_, rows) =>
        {
            var (squared, nearest) = Pairwise.SquaredDistances(rows, references).min(1);
            indices.AddRange(nearest.data<long>().ToArray().Select(i => (int)i));
            distances.AddRange(squared.sqrt().data<double>().ToArray());
        });
        return ([.. indices], [.. distances]);
    }
}
