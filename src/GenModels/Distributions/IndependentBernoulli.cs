using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Independent Bernoulli distributions over {0, 1}, one for each element, given by logits l: P(1) = 1/(1 + e⁻ˡ).</summary>
/// <remarks>
/// Discrete, so it is not <see cref="IReparameterizable"/>: a draw jumps between 0 and 1 as l changes, and its derivative is 0 wherever it
/// exists. <see cref="GradientEstimators.ScoreFunction"/> gives gradients.
/// </remarks>
public sealed class IndependentBernoulli : IDifferentiableDistribution, IDisposable
{
    /// <summary>Takes over its parameter.</summary>
    /// <param name="logits">l, shape [n, d].</param>
    /// <exception cref="ArgumentException">The logits are not of two dimensions.</exception>
    public IndependentBernoulli(Tensor logits)
    {
        Guard.NotNull(logits);
        if (logits.ndim != 2) throw new ArgumentException($"The logits have the shape {Guard.Shape(logits.shape)}, expected [n, d].", nameof(logits));
        Logits = logits;
    }

    /// <summary>l, shape [n, d].</summary>
    public Tensor Logits { get; }

    IReadOnlyList<Tensor> IDifferentiableDistribution.Parameters => [Logits];

    IDifferentiableDistribution IDifferentiableDistribution.WithParameters(IReadOnlyList<Tensor> parameters) =>
        new IndependentBernoulli(Guard.NotNull(parameters)[0]);

    /// <inheritdoc/>
    /// <returns>Zeros and ones, shape [n, d], without a gradient; owned by the caller.</returns>
    public Tensor Sample(RandomGenerator generator)
    {
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        var uniform = generator.Uniform(Logits.shape, Logits.dtype).to(Logits.device);
        return uniform.lt(Logits.detach().sigmoid()).to(Logits.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Σ [z·l − log(1 + eˡ)], in nats.</summary>
    /// <param name="z">Zeros and ones, shape [n, d].</param>
    /// <returns>Shape [n], owned by the caller.</returns>
    public Tensor LogProbability(Tensor z)
    {
        Guard.NotNull(z);
        using var scope = NewDisposeScope();
        return (z * Logits - nn.functional.softplus(Logits)).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the logits.</summary>
    public void Dispose() => Logits.Dispose();
}
