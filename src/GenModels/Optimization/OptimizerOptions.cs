using System.Text.Json.Serialization;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>How weights follow gradients. Immutable; checked when an optimiser is made of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
public abstract record OptimizerOptions
{
    private protected OptimizerOptions() { }

    /// <summary>The size of a step.</summary>
    /// <value>Default 0.001. Range: greater than 0.</value>
    public double LearningRate { get; init; } = 1e-3;

    internal abstract void Validate();

    internal abstract Optimizer Create(IReadOnlyList<torch.Tensor> parameters);
}
