using TorchSharp;

namespace GenModels;

/// <summary>What a trainer, a sampler and a file need of a generative model, and nothing else.</summary>
/// <remarks>Several threads may draw samples from a model of this library at once, and encode or decode with it, each with a generator of its own.</remarks>
public interface IGenerativeModel : ITrainable
{
    /// <summary>Draws new examples from the model.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of randomness; the same state gives the same samples, bit for bit.</param>
    /// <param name="condition">
    /// For a conditional model what each example shall be, as <see cref="Data.Batch.Condition"/> has it: it draws from p(x|c). Null for any other model.
    /// </param>
    /// <returns>Shape [count, <see cref="ModelOptions.ExampleShape"/>], owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">Something has to be fitted to the model first, such as the density of an autoencoder's codes.</exception>
    /// <exception cref="ArgumentException">The condition is missing, is not the model's, or is not of so many examples.</exception>
    torch.Tensor Sample(int count, RandomGenerator generator, torch.Tensor? condition = null);
}
