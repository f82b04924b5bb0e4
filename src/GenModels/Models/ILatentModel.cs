using GenModels.Data;
using TorchSharp;

namespace GenModels;

/// <summary>A model with codes: numbers that stand for an example, and from which the model makes one again.</summary>
public interface ILatentModel : IGenerativeModel
{
    /// <summary>How many numbers a code has.</summary>
    int CodeSize { get; }

    /// <summary>The codes of examples: where a model has a distribution of codes for an example, its mean.</summary>
    /// <param name="examples">Shape [n, <see cref="ModelOptions.ExampleShape"/>], n ≥ 1, with their condition where the model has one.</param>
    /// <returns>Shape [n, <see cref="CodeSize"/>], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the model can't encode.</exception>
    torch.Tensor Encode(Batch examples);

    /// <summary>The examples that codes stand for.</summary>
    /// <param name="codes">Shape [n, <see cref="CodeSize"/>], n ≥ 1.</param>
    /// <param name="condition">For a conditional model what the examples shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>Shape [n, <see cref="ModelOptions.ExampleShape"/>], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The codes have another shape or type.</exception>
    torch.Tensor Decode(torch.Tensor codes, torch.Tensor? condition = null);
}
