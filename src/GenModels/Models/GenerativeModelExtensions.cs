using GenModels.Safetensors;
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
    public static torch.Tensor Sample(this IGenerativeModel model, int count, ulong seed) =>
        Guard.NotNull(model).Sample(count, new RandomGenerator(seed));

    /// <summary>
    /// Writes a model into one safetensors file: its settings, its weights and buffers, and what was fitted after training. What training
    /// keeps beside them, such as an optimiser's moments, is not part of it.
    /// </summary>
    /// <param name="model">The model to save.</param>
    /// <param name="path">The file. Its folder is made if needed; a file that is there is replaced when the new one is complete.</param>
    /// <exception cref="IOException">The file can't be written. An older one is still what it was.</exception>
    /// <exception cref="ArgumentException">The path is empty, or the model's state has a type that files do not hold.</exception>
    /// <exception cref="NotSupportedException">
    /// JSON serialization by reflection is disabled, and the model's settings have no <see cref="SerializerContextAttribute"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static void Save(this IGenerativeModel model, string path) => ModelFile.Save(model, path);

    /// <summary>
    /// Replaces a model's state by the tensors of a safetensors file, which may come from elsewhere, such as a state dictionary of PyTorch.
    /// What is fitted now but not in the file is dropped.
    /// </summary>
    /// <param name="model">The model to load into.</param>
    /// <param name="path">The file. It must hold the names in <see cref="IGenerativeModel.State"/> and no others, in the same shapes and types.</param>
    /// <exception cref="ModelFileException">The file is damaged, or a name, shape or type differs; the model is what it was.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read; the model is what it was.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static void LoadState(this IGenerativeModel model, string path)
    {
        Guard.NotNull(model);
        ObjectDisposedException.ThrowIf(model.State.Values.Any(t => t.IsInvalid), model);
        using var file = SafetensorsReader.Open(path);
        StateFile.Restore(file, model);
    }
}
