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

    internal virtual void Validate()
    {
        Guard.Positive(LearningRate);
        Guard.NotNull(Schedule).Validate();
    }

    internal double LearningRateAt(long step) => LearningRate * Schedule.FactorAt(step);

    internal abstract Optimizer Create(IReadOnlyList<torch.Tensor> parameters);
}
