using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// exp(E KL(p(y|x) ‖ p(y))) over generated images x (Salimans et al. 2016, section 4): high where each image clearly shows a class and all
/// classes are shown equally often. From 1 to the number of classes. With the classifier of the paper it is called Inception score.
/// </summary>
/// <param name="Mean">The mean over the parts that the images were split into.</param>
/// <param name="StandardDeviation">The standard deviation over the parts, as it is reported beside the mean; 0 for one part.</param>
public readonly record struct ClassifierScore(double Mean, double StandardDeviation)
{
    /// <summary>Scores images by what a classifier makes of them.</summary>
    /// <param name="probabilities">p(y|x), shape [n, classes], as <see cref="ImageClassifier.Probabilities"/> gives it.</param>
    /// <param name="splits">How many consecutive parts of equal size are scored on their own, at least 1 and at most n; images left over are left out.</param>
    /// <exception cref="ArgumentException">The shape does not fit, a row is no distribution, or there are fewer images than parts.</exception>
    public static ClassifierScore Of(Tensor probabilities, int splits = 10)
    {
        Guard.AtLeast(splits, 1);
        using var scope = NewDisposeScope();
        var p = FeatureMatrix.Checked(probabilities, nameof(probabilities), leastRows: splits);
        if (p.min().item<double>() < 0 || (p.sum(1) - 1).abs().max().item<double>() > 1e-4)
            throw new ArgumentException("A row of the probabilities is no distribution, expected values of 0 or more with a sum of 1.", nameof(probabilities));
        long size = p.shape[0] / splits;
        double[] scores = [.. Enumerable.Range(0, splits).Select(i => OfPart(p.narrow(0, i * size, size)))];
        double mean = scores.Average();
        return new(mean, Math.Sqrt(scores.Average(s => (s - mean) * (s - mean))));
    }

    /// <summary>Mean ± standard deviation.</summary>
    public override string ToString() => FormattableString.Invariant($"{Mean:F3} ± {StandardDeviation:F3}");

    private static double OfPart(Tensor p)
    {
        using var scope = NewDisposeScope();
        // 0·log 0 is 0: the least positive number in its place keeps it.
        Tensor Log(Tensor values) => values.clamp(min: double.Epsilon).log();
        return Math.Exp((p * (Log(p) - Log(p.mean([0])))).sum(1).mean().item<double>());
    }
}
