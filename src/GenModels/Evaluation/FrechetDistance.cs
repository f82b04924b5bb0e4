using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// The Fréchet distance of two sets in a feature space, each taken as a normal distribution:
/// d² = ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Dowson and Landau 1982; Heusel et al. 2017, equation 6). 0 where means and covariances are
/// equal; in the squared units of the features.
/// </summary>
/// <remarks>
/// Biased upwards for small sets: compare figures of equally many points only, several times as many as there are features. The name FID
/// belongs to the features of one Inception network; in another feature space the figures have another scale.
/// </remarks>
public static class FrechetDistance
{
    /// <summary>d² of two sets of points.</summary>
    /// <param name="real">Shape [n, features], n at least 2.</param>
    /// <param name="generated">Shape [m, features], m at least 2.</param>
    /// <returns>d², 0 or more.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static double Between(Tensor real, Tensor generated) => Between(FeatureMoments.Of(real), FeatureMoments.Of(generated));

    /// <summary>d² of two normal distributions.</summary>
    /// <param name="real">Mean and covariance of one.</param>
    /// <param name="generated">Mean and covariance of the other.</param>
    /// <returns>d², 0 or more.</returns>
    /// <exception cref="ArgumentException">They have different numbers of features.</exception>
    public static double Between(FeatureMoments real, FeatureMoments generated)
    {
        Guard.NotNull(real);
        Guard.NotNull(generated);
        Guard.SameLength(generated.Dimensions, real.Dimensions, nameof(generated), nameof(real));
        using var scope = NewDisposeScope();
        var (first, second) = (tensor(real.Covariance()), tensor(generated.Covariance()));
        // Σ₁Σ₂ is not symmetric, but has the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is.
        var root = SymmetricEigen.SquareRoot(first);
        double crossed = linalg.eigvalsh(root.matmul(second).matmul(root)).clamp(min: 0).sqrt().sum().item<double>();
        double means = real.Mean.Zip(generated.Mean, (a, b) => (a - b) * (a - b)).Sum();
        return Math.Max(0, means + Trace(first) + Trace(second) - 2 * crossed);
    }

    private static double Trace(Tensor matrix) => (matrix * eye(matrix.shape[0], dtype: float64)).sum().item<double>();
}
