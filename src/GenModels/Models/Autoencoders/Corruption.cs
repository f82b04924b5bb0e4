using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>What a denoising autoencoder does to its input in training (Vincent et al. 2008, section 2.3). Immutable.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(GaussianCorruption), "gaussian")]
[JsonDerivedType(typeof(MaskingCorruption), "masking")]
public abstract record Corruption
{
    private protected Corruption() { }

    internal abstract void Validate();

    /// <summary>A corrupted copy. Noise is drawn on the CPU wherever x lives, so that a seed means the same everywhere.</summary>
    internal abstract Tensor Apply(Tensor x, RandomGenerator generator);
}

/// <summary>Adds N(0, σ²) to every value.</summary>
public sealed record GaussianCorruption : Corruption
{
    /// <summary>σ, in units of the data.</summary>
    /// <value>Default 0.3. Range: greater than 0.</value>
    public double StandardDeviation { get; init; } = 0.3;

    internal override void Validate() => Guard.Positive(StandardDeviation);

    internal override Tensor Apply(Tensor x, RandomGenerator generator)
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

    internal override void Validate() => Guard.InHalfOpen(Probability, 0, 1);

    internal override Tensor Apply(Tensor x, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        return (x * generator.Bernoulli(x.shape, 1 - Probability).to(x.device)).MoveToOuterDisposeScope();
    }
}
