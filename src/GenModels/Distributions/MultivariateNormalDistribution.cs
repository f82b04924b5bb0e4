using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The normal distribution N(μ, Σ) of a vector, with any covariance.</summary>
public sealed class MultivariateNormalDistribution : IDistribution<double[]>
{
    private readonly double[] _means;

    /// <summary>Makes N(μ, Σ). The values are copied.</summary>
    /// <param name="means">μ, finite.</param>
    /// <param name="covariance">Σ, as many rows and columns as <paramref name="means"/> has elements: symmetric and positive definite.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or Σ is not symmetric or not positive definite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A mean is not finite; the message names its index.</exception>
    public MultivariateNormalDistribution(ReadOnlySpan<double> means, double[,] covariance)
    {
        _means = Guard.Each(Guard.Finite, means);
        Guard.NotNull(covariance);
        CheckSymmetric(covariance, means.Length);
        Factor = CholeskyFactor.Of(covariance)
            ?? throw new ArgumentException("covariance is not positive definite, expected all eigenvalues above 0.", nameof(covariance));
    }

    /// <summary>The same distribution as one with independent elements.</summary>
    /// <param name="diagonal">N(μ, diag σ²).</param>
    /// <exception cref="ArgumentNullException"><paramref name="diagonal"/> is null.</exception>
    public MultivariateNormalDistribution(DiagonalNormalDistribution diagonal)
    {
        _means = [.. Guard.NotNull(diagonal).Means];
        Factor = CholeskyFactor.Diagonal(diagonal.StandardDeviations);
    }

    /// <summary>The number of elements of an outcome.</summary>
    public int Dimensions => _means.Length;

    /// <summary>μ.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>L of Σ = L·Lᵀ.</summary>
    internal CholeskyFactor Factor { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="value"/> has not <see cref="Dimensions"/> elements.</exception>
    public double LogDensity(double[] value)
    {
        Guard.SameLength(Guard.NotNull(value).Length, Dimensions, nameof(value), "the mean");
        var centred = new double[Dimensions];
        for (int i = 0; i < Dimensions; i++) centred[i] = value[i] - _means[i];
        double[] z = Factor.Solve(centred);
        double sum = 0;
        for (int i = 0; i < Dimensions; i++) sum -= z[i] * z[i] / 2 + Math.Log(Factor[i, i]) + Math.Log(2 * Math.PI) / 2;
        return sum;
    }

    /// <inheritdoc/>
    public double[][] Sample(int count, ulong seed) => Draw.Many(count, seed, random =>
    {
        var noise = new double[Dimensions];
        for (int i = 0; i < Dimensions; i++) noise[i] = random.NextNormal();
        double[] draw = Factor.Multiply(noise);
        for (int i = 0; i < Dimensions; i++) draw[i] += _means[i];
        return draw;
    });

    private static void CheckSymmetric(double[,] covariance, int n)
    {
        if (covariance.GetLength(0) != n || covariance.GetLength(1) != n)
            throw new ArgumentException(
                $"covariance is {covariance.GetLength(0)} by {covariance.GetLength(1)}, expected {n} by {n}, since there are {n} means.", nameof(covariance));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                // What computing a covariance in single precision leaves between the two halves passes.
                double scale = Math.Sqrt(Math.Abs(covariance[i, i] * covariance[j, j]));
                if (!(Math.Abs(covariance[i, j] - covariance[j, i]) <= 1e-6 * scale))
                    throw new ArgumentException(
                        $"covariance[{i}, {j}] is {Guard.Text(covariance[i, j])} and covariance[{j}, {i}] is {Guard.Text(covariance[j, i])}, expected a symmetric matrix.",
                        nameof(covariance));
            }
        }
    }
}
