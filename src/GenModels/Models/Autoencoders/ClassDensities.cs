using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// The densities p(z|c) of the codes of each class, side by side in one mixture, which so is the density of all codes: Σ p(c) p(z|c). Each class
/// has as many components, those of class 0 first.
/// </summary>
internal static class ClassDensities
{
    /// <summary>Fits a density to the codes of each class.</summary>
    /// <param name="codes">Shape [n, code].</param>
    /// <param name="labels">The class of each.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="options">The components of each class, and more; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A class has no examples, or fewer than components.</exception>
    public static GaussianMixtureFit Fit(Tensor codes, long[] labels, int classes, DensityOptions? options)
    {
        var fits = new (GaussianMixtureFit Fit, double Share)[classes];
        for (int c = 0; c < classes; c++)
        {
            long[] rows = Rows(labels, c);
            if (rows.Length == 0)
                throw new ArgumentException($"There is no example of class {c}, expected some of each of the {classes} classes: without them nothing is known of its codes.", nameof(labels));
            fits[c] = (GaussianMixture.Fit(codes.index_select(0, tensor(rows, device: codes.device)), options), rows.Length / (double)labels.Length);
        }
        int steps = fits.Max(f => f.Fit.LogLikelihoods.Count);
        return new GaussianMixtureFit(
            new GaussianMixture(
                [.. fits.SelectMany(f => f.Fit.Mixture.Weights.Select(weight => f.Share * weight))],
                [.. fits.SelectMany(f => Each(f.Fit.Mixture, f.Fit.Mixture.Mean))],
                [.. fits.SelectMany(f => Each(f.Fit.Mixture, f.Fit.Mixture.Covariance))]),
            [.. Enumerable.Range(0, steps).Select(step => fits.Sum(f => f.Share * f.Fit.LogLikelihoods[Math.Min(step, f.Fit.LogLikelihoods.Count - 1)]))],
            fits.All(f => f.Fit.Converged));
    }

    /// <summary>Draws a code for each label, in double precision on the CPU.</summary>
    public static Tensor Sample(GaussianMixture all, long[] labels, int classes, RandomGenerator generator)
    {
        int components = all.Components / classes;
        return all.Sample(labels.Length, generator, row => ((int)labels[row] * components, components));
    }

    private static IEnumerable<T> Each<T>(GaussianMixture mixture, Func<int, T> part) => Enumerable.Range(0, mixture.Components).Select(part);

    private static long[] Rows(long[] labels, long label) => [.. labels.Index().Where(l => l.Item == label).Select(l => (long)l.Index)];
}
