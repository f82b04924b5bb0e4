using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Independent normal distributions N(μ, σ²), one for each element: the reparameterised family of a VAE.</summary>
/// <remarks>Given by μ and log σ², so that any real number is a valid parameter. Everything here is differentiable in both.</remarks>
public sealed class DiagonalGaussian : IReparameterizable, IDisposable
{
    /// <summary>Takes over its parameters.</summary>
    /// <param name="mean">μ, shape [n, d].</param>
    /// <param name="logVariance">log σ², the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or are not of two dimensions.</exception>
    public DiagonalGaussian(Tensor mean, Tensor logVariance)
    {
        Guard.NotNull(mean);
        Guard.NotNull(logVariance);
        if (mean.ndim != 2 || !mean.shape.SequenceEqual(logVariance.shape))
            throw new ArgumentException(
                $"The mean has the shape {Guard.Shape(mean.shape)} and the log variance {Guard.Shape(logVariance.shape)}, expected the same shape [n, d].",
                nameof(logVariance));
        (Mean, LogVariance) = (mean, logVariance);
    }

    /// <summary>μ, shape [n, d].</summary>
    public Tensor Mean { get; }

    /// <summary>log σ², shape [n, d].</summary>
    public Tensor LogVariance { get; }

    IReadOnlyList<Tensor> IDifferentiableDistribution.Parameters => [Mean, LogVariance];

    IDifferentiableDistribution IDifferentiableDistribution.WithParameters(IReadOnlyList<Tensor> parameters) =>
        new DiagonalGaussian(Guard.NotNull(parameters)[0], parameters[1]);

    /// <summary>Draws z = μ + σ·ε with ε ~ N(0, I), so that gradients reach μ and σ (Kingma and Welling 2014, section 2.4).</summary>
    /// <param name="generator">The source of ε.</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    public Tensor Sample(RandomGenerator generator) => Reparameterization.Sample(this, generator);

    /// <summary>Draws ε ~ N(0, I).</summary>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    public Tensor Noise(RandomGenerator generator)
    {
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        return generator.Normal(Mean.shape, Mean.dtype).to(Mean.device).MoveToOuterDisposeScope();
    }

    /// <summary>μ + σ·ε.</summary>
    /// <param name="noise">ε, shape [n, d].</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    public Tensor Transform(Tensor noise)
    {
        Guard.NotNull(noise);
        using var scope = NewDisposeScope();
        return (Mean + (0.5 * LogVariance).exp() * noise).MoveToOuterDisposeScope();
    }

    /// <summary>log N(z; μ, σ²) summed over the dimensions, in nats.</summary>
    /// <param name="z">Shape [n, d].</param>
    /// <returns>Shape [n], owned by the caller.</returns>
    public Tensor LogProbability(Tensor z)
    {
        Guard.NotNull(z);
        using var scope = NewDisposeScope();
        var squared = (z - Mean).square() * (-LogVariance).exp();
        return (-0.5 * (squared + LogVariance + Math.Log(2 * Math.PI)).sum(1)).MoveToOuterDisposeScope();
    }

    /// <summary>KL(N(μ, σ²) ‖ N(0, I)) = ½ Σ (μ² + σ² − 1 − log σ²), in nats (Kingma and Welling 2014, appendix B).</summary>
    /// <returns>Shape [n], each 0 or more, owned by the caller.</returns>
    public Tensor KlToStandardNormal()
    {
        using var scope = NewDisposeScope();
        // e^l − 1 − l loses nothing to cancellation near l = 0 when e^l − 1 is computed as one; rounding may still leave −0.
        var terms = Mean.square() + (LogVariance.expm1() - LogVariance).clamp(min: 0);
        return (0.5 * terms.sum(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Disposes both parameters.</summary>
    public void Dispose()
    {
        Mean.Dispose();
        LogVariance.Dispose();
    }
}
