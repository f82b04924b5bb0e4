using System.Text.Json.Serialization;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>How weights follow gradients. Immutable; checked when an optimiser is made of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions
{
    private protected OptimizerOptions() { }

    /// <summary>The size of a step, ε, which <see cref="Schedule"/> may change from step to step.</summary>
    /// <value>Default 0.001. Range: greater than 0.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>What the learning rate is multiplied with at each step.</summary>
    /// <value>Default <see cref="ConstantSchedule"/>.</value>
    public LearningRateSchedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// The greatest norm of all gradients together: where it is exceeded, they are scaled down to it (Pascanu et al. 2013, algorithm 1).
    /// </summary>
    /// <value>Default null: the norm is not bounded. Range: greater than 0.</value>
    public double? ClipNorm { get; init; }

    /// <summary>The greatest size of a single derivative: what exceeds it is cut off, after <see cref="ClipNorm"/>.</summary>
    /// <value>Default null: sizes are not bounded. Range: greater than 0.</value>
    public double? ClipValue { get; init; }

    internal virtual void Validate()
    {
        if (ClipNorm is { } norm) Guard.Positive(norm, nameof(ClipNorm));
        if (ClipValue is { } value) Guard.Positive(value, nameof(ClipValue));
        Guard.Positive(LearningRate);
        Guard.NotNull(Schedule).Validate();
    }

    internal double LearningRateAt(long step) => LearningRate * Schedule.FactorAt(step);

    internal abstract Optimizer Create(IReadOnlyList<torch.Tensor> parameters);
}
