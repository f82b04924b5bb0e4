using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>What a denoising autoencoder does to its input in training (Vincent et al. 2008, section 2.3). Immutable.</summary>
/// <remarks>Derive from it for one of your own, and <see cref="StoredTypes.Register{TBase, T}"/> it so that files can hold it.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(GaussianCorruption), "gaussian")]
[JsonDerivedType(typeof(MaskingCorruption), "masking")]
public abstract record Corruption
{
    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate() { }

    /// <summary>A corrupted copy. Noise is drawn on the CPU wherever x lives, so that a seed means the same everywhere.</summary>
    /// <param name="x">Examples, shape [n, …].</param>
    /// <param name="generator">The source of the noise.</param>
    /// <returns>Of the shape of x, in the dispose scope that is open.</returns>
    public abstract Tensor Apply(Tensor x, RandomGenerator generator);
}

/// <summary>Adds N(0, σ²) to every value.</summary>
public sealed record GaussianCorruption : Corruption
{
    /// <summary>σ, in units of the data.</summary>
    /// <value>Default 0.3. Range: greater than 0.</value>
    public double StandardDeviation { get; init; } = 0.3;

    /// <inheritdoc/>
    public override void Validate() => Guard.Positive(StandardDeviation);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        return (x + StandardDeviation * generator.Normal(x.shape).to(x.device)).MoveToOuterDisposeScope();
    }
}

/// <summary>Sets every value to 0 with probability p, independently of the others.</summary>
public sealed record MaskingCorruption : Corruption
{
    /// <summary>p.</summary>
    /// <value>Default 0.3. Range: [0, 1).</value>
    public double Probability { get; init; } = 0.3;

    /// <inheritdoc/>
    public override void Validate() => Guard.InHalfOpen(Probability, 0, 1);

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        return (x * generator.Bernoulli(x.shape, 1 - Probability).to(x.device)).MoveToOuterDisposeScope();
    }
}
