using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>A gradient of an expectation, estimated from draws.</summary>
public sealed class GradientEstimate : IDisposable
{
    internal GradientEstimate(IReadOnlyList<Tensor> mean, IReadOnlyList<Tensor> variance, int samples) =>
        (Mean, Variance, Samples) = (mean, variance, samples);

    /// <summary>The estimate, for each of the distribution's parameters a tensor of its shape in double precision: a mean over the draws.</summary>
    public IReadOnlyList<Tensor> Mean { get; }

    /// <summary>
    /// The variance of the estimator for a single draw, for each parameter a tensor of its shape in double precision. The standard error of
    /// <see cref="Mean"/> is √(variance / <see cref="Samples"/>).
    /// </summary>
    public IReadOnlyList<Tensor> Variance { get; }

    /// <summary>The number of draws.</summary>
    public int Samples { get; }

    /// <summary>Disposes the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in Mean.Concat(Variance)) tensor.Dispose();
    }
}
