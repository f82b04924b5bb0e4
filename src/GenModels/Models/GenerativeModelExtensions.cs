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

    /// <summary>Draws new examples of one class from a model that is conditional on classes; the same seed gives the same samples, bit for bit.</summary>
    /// <param name="model">The model to draw from.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="label">The class, in [0, classes).</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The model is not conditional on classes, or has no such class.</exception>
    public static torch.Tensor Sample(this IGenerativeModel model, int count, ulong seed, int label) =>
        model.Sample([.. Enumerable.Repeat(label, Guard.AtLeast(count, 1))], seed);

    /// <summary>Draws a new example for each label from a model that is conditional on classes; the same seed gives the same samples, bit for bit.</summary>
    /// <param name="model">The model to draw from.</param>
    /// <param name="labels">The class of each example, in [0, classes).</param>
    /// <param name="seed">Decides the draws.</param>
    /// <returns>Shape [labels, example shape], owned by the caller.</returns>
    /// <exception cref="ArgumentException">The model is not conditional on classes, has no such class, or there are no labels.</exception>
    public static torch.Tensor Sample(this IGenerativeModel model, IReadOnlyList<int> labels, ulong seed)
    {
        Guard.NotNull(model);
        Guard.AtLeast(Guard.NotNull(labels).Count, 1, nameof(labels));
        var generator = new RandomGenerator(seed);
        using var condition = torch.tensor([.. labels.Select(label => (long)label)], device: model.Device);
        return model.Sample(labels.Count, generator, condition);
    }

    /// <summary>
    /// Writes a model into one safetensors file: its settings, its weights and buffers, and what was fitted after training. What training
    /// keeps beside them, such as an optimizer's moments, is not part of it.
    /// </summary>
    /// <param name="model">The model to save.</param>
    /// <param name="path">The file. Its folder is made if needed; a file that is there is replaced when the new one is complete.</param>
    /// <param name="metadata">
    /// What else the file shall tell, such as the scaling of the data, for <see cref="GenerativeModel.ReadMetadata"/> to read; null is nothing. Names
    /// that start with <c>genmodels.</c> are the library's.
    /// </param>
    /// <exception cref="IOException">The file can't be written. An older one is still what it was.</exception>
    /// <exception cref="ArgumentException">The path is empty, a name of the metadata is the library's, or the model's state has a type that files do not hold.</exception>
    /// <exception cref="NotSupportedException">
    /// JSON serialization by reflection is disabled, and the model's settings have no <see cref="SerializerContextAttribute"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static void Save(this ITrainable model, string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        ModelFile.Save(model, path, metadata);

    /// <summary>Writes a model into a stream, as <see cref="Save(ITrainable, string, IReadOnlyDictionary{string, string}?)"/> does into a file.</summary>
    /// <param name="model">The model to save.</param>
    /// <param name="stream">Receives the file from where it stands; it stays open.</param>
    /// <param name="metadata">What else it shall tell; null is nothing.</param>
    /// <inheritdoc cref="Save(ITrainable, string, IReadOnlyDictionary{string, string}?)" path="/exception"/>
    public static void Save(this ITrainable model, Stream stream, IReadOnlyDictionary<string, string>? metadata = null) =>
        ModelFile.Save(model, stream, metadata);

    /// <summary>
    /// Replaces a model's state by the tensors of a safetensors file, which may come from elsewhere, such as a state dictionary of PyTorch.
    /// What is fitted now but not in the file is dropped.
    /// </summary>
    /// <param name="model">The model to load into.</param>
    /// <param name="path">The file. It must hold the names in <see cref="ITrainable.State"/> and no others, in the same shapes and types.</param>
    /// <exception cref="ModelFileException">The file is damaged, or a name, shape or type differs; the model is what it was.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read; the model is what it was.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public static void LoadState(this ITrainable model, string path)
    {
        Guard.NotNull(model);
        ObjectDisposedException.ThrowIf(model.State.Values.Any(t => t.IsInvalid), model);
        using var file = SafetensorsReader.Open(path);
        StateFile.Restore(file, model);
    }
}
