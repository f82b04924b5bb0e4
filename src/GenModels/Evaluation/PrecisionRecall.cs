using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// Precision and recall of a generator (Kynkäänniemi et al. 2019, equations 1 to 3): each set's support is taken as the union of balls around
/// its points, a ball reaching to its point's k-th nearest neighbour in the set, which lies in it.
/// </summary>
/// <param name="Precision">The share of the generated points in the real support: how real they look, in [0, 1].</param>
/// <param name="Recall">The share of the real points in the generated support: how much of the data they cover, in [0, 1].</param>
public readonly record struct PrecisionRecall(double Precision, double Recall)
{
    /// <summary>Compares two sets in a feature space.</summary>
    /// <param name="real">Shape [n, features], n above <paramref name="neighbours"/>.</param>
    /// <param name="generated">Shape [m, features], m above <paramref name="neighbours"/>; as many as the real ones, if figures are to be compared.</param>
    /// <param name="neighbours">k, at least 1. The authors use 3.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, there are too few points, or a value is not finite.</exception>
    public static PrecisionRecall Of(Tensor real, Tensor generated, int neighbours = 3)
    {
        Guard.AtLeast(neighbours, 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var x = FeatureMatrix.Checked(real, nameof(real), leastRows: neighbours + 1L);
        var y = FeatureMatrix.Checked(generated, x, nameof(generated), leastRows: neighbours + 1L);
        return new(Inside(y, x, neighbours), Inside(x, y, neighbours));
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine([("precision", Precision), ("recall", Recall)]);

    /// <summary>The share of the points that lie in the support.</summary>
    private static double Inside(Tensor points, Tensor support, int neighbours)
    {
        var radii = Neighbours.SquaredRadii(support, neighbours);
        long inside = 0;
        Pairwise.Blocks(points, support.shape[0], (_, rows) =>
            inside += Pairwise.SquaredDistances(rows, support).le(radii).any(1).sum().item<long>());
        return (double)inside / points.shape[0];
    }
}
