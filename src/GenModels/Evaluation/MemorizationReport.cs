using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// Whether generated examples are copies of training examples: how far each is from its nearest training example, beside the same for
/// held-out examples (Meehan, Chaudhuri and Dasgupta 2020, "A non-parametric test to detect data-copying in generative models").
/// </summary>
public sealed class MemorizationReport
{
    private const double Decisive = 3;

    private MemorizationReport(int[] nearest, double[] generated, double[] heldOut)
    {
        (Nearest, Distances, HeldOutDistances) = (nearest, generated, heldOut);
        (NearerThanHeldOut, ZScore) = MannWhitney(generated, heldOut);
    }

    /// <summary>For each generated example the index of its nearest training example.</summary>
    public IReadOnlyList<int> Nearest { get; }

    /// <summary>For each generated example the Euclidean distance to it.</summary>
    public IReadOnlyList<double> Distances { get; }

    /// <summary>For each held-out example the distance to its nearest training example.</summary>
    public IReadOnlyList<double> HeldOutDistances { get; }

    /// <summary>How many generated examples equal a training example exactly.</summary>
    public int Copies => Distances.Count(d => d == 0);

    /// <summary>The probability that a generated example is nearer to the training set than a held-out one: ½ for samples of the data's distribution.</summary>
    public double NearerThanHeldOut { get; }

    /// <summary>
    /// The statistic of Mann and Whitney (1947) on the two sets of distances, in standard deviations: about N(0, 1) for samples of the data's
    /// distribution, far below 0 where training examples are copied, far above 0 where samples lie off the data.
    /// </summary>
    public double ZScore { get; }

    /// <summary>Compares sets in a feature space.</summary>
    /// <param name="generated">Shape [n, features].</param>
    /// <param name="train">Shape [m, features]: what the model was trained on.</param>
    /// <param name="heldOut">Shape [k, features]: data that it was not trained on.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static MemorizationReport Of(Tensor generated, Tensor train, Tensor heldOut)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var known = FeatureMatrix.Checked(train, nameof(train));
        var (nearest, distances) = Neighbours.Nearest(FeatureMatrix.Checked(generated, known, nameof(generated)), known);
        return new(nearest, distances, Neighbours.Nearest(FeatureMatrix.Checked(heldOut, known, nameof(heldOut)), known).Distances);
    }

    /// <summary>The finding in words.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Finding()} (a generated example is nearer to the training set than a held-out one in {NearerThanHeldOut:P0} of cases, z = {ZScore:F1}; {Copies} exact copies)");

    private string Finding() => ZScore switch
    {
        < -Decisive => "The model copies training examples",
        > Decisive => "The samples lie farther from the training examples than real ones do",
        _ => "No sign of copied training examples",
    };

    /// <summary>P(a &lt; b) with ties as one half, and U's distance from its mean in standard deviations, negative where a is smaller.</summary>
    private static (double Share, double Z) MannWhitney(double[] a, double[] b)
    {
        double n = a.Length, m = b.Length, rankSum = 0, ties = 0;
        var all = a.Select(v => (Value: v, IsA: true)).Concat(b.Select(v => (Value: v, IsA: false))).OrderBy(v => v.Value).ToArray();
        for (int start = 0; start < all.Length;)
        {
            int end = start, ofA = 0;
            for (; end < all.Length && all[end].Value == all[start].Value; end++) ofA += all[end].IsA ? 1 : 0;
            double size = end - start;
            rankSum += ofA * (start + end + 1) / 2.0;
            ties += size * size * size - size;
            start = end;
        }
        // The number of pairs with a > b.
        double u = rankSum - n * (n + 1) / 2;
        double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
        return (1 - u / (n * m), variance > 0 ? (u - n * m / 2) / Math.Sqrt(variance) : 0);
    }
}
