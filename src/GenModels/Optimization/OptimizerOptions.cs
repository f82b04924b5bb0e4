using System.Text.Json.Serialization;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>How weights follow gradients. Immutable; checked when an optimizer is made of it.</summary>
/// <remarks>
/// Derive from it, and from <see cref="Optimizer"/>, for one of your own, and <see cref="StoredTypes.Register{TBase, T}"/> it so that files can hold it.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions
{
    /// <summary>The size of a step, ε, which <see cref="Schedule"/> may change from step to step.</summary>
    /// <value>Default 0.001. Range: greater than 0.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>What the learning rate is multiplied with at each step.</summary>
    /// <value>Default <see cref="ConstantSchedule"/>.</value>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// The greatest norm of all gradients together: where it is exceeded, they are scaled down to it (Pascanu et al. 2013, algorithm 1).
    /// </summary>
    /// <value>Default null: the norm is not bounded. Range: greater than 0.</value>
    public double? ClipNorm { get; init; }

    /// <summary>The greatest size of a single derivative: what exceeds it is cut off, after <see cref="ClipNorm"/>.</summary>
    /// <value>Default null: sizes are not bounded. Range: greater than 0.</value>
    public double? ClipValue { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate()
    {
        if (ClipNorm is { } norm) Guard.Positive(norm, nameof(ClipNorm));
        if (ClipValue is { } value) Guard.Positive(value, nameof(ClipValue));
        Guard.Positive(LearningRate);
        Guard.NotNull(Schedule).Validate();
    }

    /// <summary>The size of a step after <paramref name="step"/> steps, 0 at the first.</summary>
    public double LearningRateAt(long step) => LearningRate * Schedule.FactorAt(step);

    /// <summary>Makes an optimizer of these settings.</summary>
    /// <param name="parameters">What it updates, which stays the caller's.</param>
    /// <returns>An optimizer, owned by the caller.</returns>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public abstract Optimizer Create(IReadOnlyList<torch.Tensor> parameters);
}
