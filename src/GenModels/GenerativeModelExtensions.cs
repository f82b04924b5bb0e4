using TorchSharp;

namespace GenModels;

/// <summary>Shorter ways to call a model.</summary>
public static class GenerativeModelExtensions
{
    /// <summary>Draws new examples; the same seed gives the same samples, bit for bit.</summary>
    /// <param name="model">The model to draw from.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    public static torch.Tensor Sample(this IGenerativeModel model, int count, ulong seed)
    {
        Guard.NotNull(model);
        using var generator = new torch.Generator(seed);
        return model.Sample(count, generator);
    }
}
