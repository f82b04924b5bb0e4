using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>Mean and covariance of points in a feature space: all that <see cref="FrechetDistance"/> needs to know of a set.</summary>
/// <remarks>Immutable, and holds no native memory. Those of a training set can be computed once and kept.</remarks>
public sealed class FeatureMoments
{
    private readonly double[] _mean;
    private readonly double[,] _covariance;

    /// <summary>Keeps copies of known moments.</summary>
    /// <param name="mean">μ, finite.</param>
    /// <param name="covariance">Σ, as many rows and columns: symmetric and positive semi-definite, of which only the first is checked.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, a value is not finite, or Σ is not symmetric.</exception>
    public FeatureMoments(ReadOnlySpan<double> mean, double[,] covariance)
    {
        _mean = Guard.Each(Guard.Finite, mean);
        Guard.NotNull(covariance);
        if (covariance.GetLength(0) != mean.Length || covariance.GetLength(1) != mean.Length)
            throw new ArgumentException(
                $"The covariance is {covariance.GetLength(0)} by {covariance.GetLength(1)} for a mean of {mean.Length} elements.", nameof(covariance));
        CheckSymmetric(covariance);
        _covariance = (double[,])covariance.Clone();
    }

    /// <summary>The number of features.</summary>
    public int Dimensions => _mean.Length;

    /// <summary>μ.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>Σ, a copy.</summary>
    public double[,] Covariance() => (double[,])_covariance.Clone();

    /// <summary>The mean and the unbiased covariance, Σ (x − μ)(x − μ)ᵀ/(n − 1), of some points.</summary>
    /// <param name="features">Shape [n, features], n at least 2, finite.</param>
    /// <exception cref="ArgumentException">The features have another shape, or one is not finite.</exception>
    public static FeatureMoments Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var x = FeatureMatrix.Checked(features, nameof(features), leastRows: 2);
        var mean = x.mean([0]);
        var sum = zeros(x.shape[1], x.shape[1], float64);
        Pairwise.Blocks(x, x.shape[1], (_, rows) =>
        {
            var centred = rows - mean;
            sum.addmm_(centred.t(), centred, beta: 1, alpha: 1);
        });
        double[] covariance = (sum / (x.shape[0] - 1)).data<double>().ToArray();
        return new FeatureMoments(mean.data<double>().ToArray(), Symmetric(covariance, (int)x.shape[1]));
    }

    private static double[,] Symmetric(double[] values, int n)
    {
        var matrix = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) matrix[i, j] = matrix[j, i] = values[i * n + j];
        return matrix;
    }

    private static void CheckSymmetric(double[,] covariance)
    {
        for (int i = 0; i < covariance.GetLength(0); i++)
            for (int j = 0; j <= i; j++)
                // What rounding in single precision leaves between the two halves passes; NaN does not.
                if (!(Math.Abs(covariance[i, j] - covariance[j, i]) <= 1e-6 * Math.Sqrt(Math.Abs(covariance[i, i] * covariance[j, j]))))
                    throw new ArgumentException(
                        $"The covariance has {Guard.Text(covariance[i, j])} at [{i}, {j}] and {Guard.Text(covariance[j, i])} at [{j}, {i}], " +
                        "expected a symmetric matrix of finite values.", nameof(covariance));
    }
}
