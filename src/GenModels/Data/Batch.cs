using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>Examples that a model learns from or is asked about, with what is known of each where the model is conditional.</summary>
/// <param name="Examples">Shape [n, example shape], n ≥ 1.</param>
/// <param name="Condition">
/// What the examples are: for a model that is conditional on a class, labels of shape [n] as 64-bit integers; for one that is conditional on
/// vectors, shape [n, size]; null for any other model.
/// </param>
public readonly record struct Batch(Tensor Examples, Tensor? Condition = null)
{
    /// <summary>Examples without a condition.</summary>
    /// <param name="examples">Shape [n, example shape], n ≥ 1.</param>
    public static implicit operator Batch(Tensor examples) => new(examples);
}
