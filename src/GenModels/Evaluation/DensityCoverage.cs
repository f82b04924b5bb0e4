using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// Density and coverage of a generator (Naeem et al. 2020, equations 3 and 4). Both build balls around the real points only, which makes them
/// less prone to outliers than precision and recall. A ball reaches to its point's k-th nearest neighbour, which lies in it.
/// </summary>
/// <param name="Density">How many real balls a generated point lies in on average, over k: 0 or more, near 1 for samples of the data's distribution.</param>
/// <param name="Coverage">The share of the real balls with a generated point in them, in [0, 1]; near 1 − 2⁻ᵏ for as many samples of the data's distribution.</param>
public readonly record struct DensityCoverage(double Density, double Coverage)
{
    /// <summary>Compares two sets in a feature space.</summary>
    /// <param name="real">Shape [n, features], n above <paramref name="neighbours"/>.</param>
    /// <param name="generated">Shape [m, features].</param>
    /// <param name="neighbours">k: a ball reaches to its point's k-th nearest neighbour among the real ones. At least 1; the authors use 5.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, there are too few points, or a value is not finite.</exception>
    public static DensityCoverage Of(Tensor real, Tensor generated, int neighbours = 5)
    {
        Guard.AtLeast(neighbours, 1);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var x = FeatureMatrix.Checked(real, nameof(real), leastRows: neighbours + 1L);
        var y = FeatureMatrix.Checked(generated, x, nameof(generated));
        var radii = Neighbours.SquaredRadii(x, neighbours).unsqueeze(1);
        long hits = 0, covered = 0;
        Pairwise.Blocks(x, y.shape[0], (start, rows) =>
        {
            var inside = Pairwise.SquaredDistances(rows, y).le(radii.narrow(0, start, rows.shape[0]));
            hits += inside.sum().item<long>();
            covered += inside.any(1).sum().item<long>();
        });
        return new((double)hits / neighbours / y.shape[0], (double)covered / x.shape[0]);
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine([("density", Density), ("coverage", Coverage)]);
}
