using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// The squared maximum mean discrepancy of two sets in a feature space, unbiased:
/// Σ_{i≠j} k(xᵢ, xⱼ)/n(n − 1) + Σ_{i≠j} k(yᵢ, yⱼ)/m(m − 1) − 2 Σ k(xᵢ, yⱼ)/nm (Gretton et al. 2012, lemma 6). With the polynomial kernel it
/// is the kernel distance of Bińkowski et al. (2018), whose expectation, unlike the Fréchet distance's, does not depend on how many points
/// there are. An estimate of 0 can be negative.
/// </summary>
public static class KernelDistance
{
    /// <summary>The mean over random subsets, drawn without replacement from either set, and its standard error.</summary>
    /// <param name="real">Shape [n, features], n at least 2.</param>
    /// <param name="generated">Shape [m, features], m at least 2.</param>
    /// <param name="options">Kernel and subsets; null takes the defaults.</param>
    /// <returns>
    /// The mean of the subsets' estimates. Its standard error takes them for independent, which they are where they are small parts of the
    /// sets; it does not tell how the figure varies from one sample of the sets to another. It is NaN where neither set has more points than a
    /// subset: then there is only one estimate, <see cref="OfAll"/>'s, and its error is unknown.
    /// </returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a value is not finite, or a setting lies outside its range.</exception>
    public static MeanEstimate Between(Tensor real, Tensor generated, KernelDistanceOptions? options = null)
    {
        options ??= new KernelDistanceOptions();
        options.Validate();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var x = FeatureMatrix.Checked(real, nameof(real), leastRows: 2);
        var y = FeatureMatrix.Checked(generated, x, nameof(generated), leastRows: 2);
        if (Math.Max(x.shape[0], y.shape[0]) <= options.SubsetSize) return MeanEstimate.Of([Squared(x, y, options.Kernel)]);
        var order = RandomGenerator.For(options.Seed, RandomStreams.Order);
        var estimates = new double[options.Subsets];
        for (int i = 0; i < estimates.Length; i++)
        {
            using var step = NewDisposeScope();
            estimates[i] = Squared(FeatureMatrix.Subset(x, options.SubsetSize, order), FeatureMatrix.Subset(y, options.SubsetSize, order), options.Kernel);
        }
        return MeanEstimate.Of(estimates);
    }

    /// <summary>The unbiased estimate from all points at once.</summary>
    /// <param name="real">Shape [n, features], n at least 2.</param>
    /// <param name="generated">Shape [m, features], m at least 2.</param>
    /// <param name="kernel">What compares two points; null takes <see cref="PolynomialKernel"/>.</param>
    /// <returns>An estimate of MMD², which can be negative.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static double OfAll(Tensor real, Tensor generated, DiscrepancyKernel? kernel = null)
    {
        kernel ??= new PolynomialKernel();
        kernel.Validate();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var x = FeatureMatrix.Checked(real, nameof(real), leastRows: 2);
        var y = FeatureMatrix.Checked(generated, x, nameof(generated), leastRows: 2);
        return Squared(x, y, kernel);
    }

    private static double Squared(Tensor x, Tensor y, DiscrepancyKernel kernel)
    {
        double n = x.shape[0], m = y.shape[0];
        return Within(x, kernel) / (n * (n - 1)) + Within(y, kernel) / (m * (m - 1)) - 2 * Sum(x, y, kernel) / (n * m);
    }

    /// <summary>Σ k(xᵢ, xⱼ) over i ≠ j.</summary>
    private static double Within(Tensor x, DiscrepancyKernel kernel) => Sum(x, x, kernel) - kernel.SumOfSelves(x);

    private static double Sum(Tensor x, Tensor y, DiscrepancyKernel kernel)
    {
        double sum = 0;
        Pairwise.Blocks(x, y.shape[0], (_, rows) => sum += kernel.Values(rows, y).sum().item<double>());
        return sum;
    }
}
