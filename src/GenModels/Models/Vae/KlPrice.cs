using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>What the KL of a batch adds to the objective, where each dimension of the code has some nats for free (Kingma et al. 2016, equation 15).</summary>
/// <param name="Kl">Σⱼ max(λ, KLⱼ), nats per example.</param>
/// <param name="IsPaid">For each dimension whether its KL counts, and so has a gradient.</param>
internal readonly record struct KlPrice(double Kl, IReadOnlyList<bool> IsPaid)
{
    /// <param name="heads">μ before log σ², [n, 2·latent].</param>
    /// <param name="kl">The KL summed over batch and dimensions.</param>
    /// <param name="free">λ.</param>
    public static KlPrice Of(Tensor heads, double kl, double free)
    {
        long n = heads.shape[0];
        if (free == 0) return new(kl / n, [.. Enumerable.Repeat(true, (int)heads.shape[1] / 2)]);
        double[] means = Array.ConvertAll(GaussianLatent.KlOfDimensions(heads), sum => sum / n);
        return new(means.Sum(mean => Math.Max(free, mean)), [.. means.Select(mean => mean > free)]);
    }

    /// <summary>What the gradient of each dimension's KL is multiplied with.</summary>
    public float[] Scales(double scale) => [.. IsPaid.Select(paid => paid ? (float)scale : 0)];
}
