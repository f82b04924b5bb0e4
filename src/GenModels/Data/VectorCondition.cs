using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>A vector of numbers. Networks are given them as they are: scale them as you would scale examples.</summary>
/// <param name="Length">How many numbers, at least 1.</param>
public sealed record VectorCondition(int Length) : Condition
{
    /// <inheritdoc/>
    public override int Size => Length;

    internal override void Validate() => Guard.AtLeast(Length, 1);

    internal override void Check(IExampleSource source, string name)
    {
        if (source is not IConditionedSource conditioned)
            throw new ArgumentException($"The model learns from examples with a vector of {Length} numbers each, and these have none: give a source with conditions.", name);
        if (conditioned.ConditionSize != Length)
            throw new ArgumentException($"The examples come with {conditioned.ConditionSize} numbers each, expected {Length}, as the model takes.", name);
    }

    internal override Tensor Gather(IExampleSource source, ReadOnlySpan<int> indices)
    {
        var vectors = new float[indices.Length * Length];
        ((IConditionedSource)source).GatherConditions(indices, vectors);
        return tensor(vectors, [indices.Length, Length]);
    }

    internal override void Check(Tensor condition, long examples, string name)
    {
        CheckShape(condition, name, ScalarType.Float32, "a vector for each example", examples, Length);
        if (!ValueRange.Of(condition).AllFinite)
            throw new ArgumentException("The condition has values that are NaN or infinite. Remove or replace them.", name);
    }

    internal override Tensor Encode(Tensor condition) => condition;
}
