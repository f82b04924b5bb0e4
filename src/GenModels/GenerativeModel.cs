using TorchSharp;

namespace GenModels;

/// <summary>Loads models whose type stands in their file.</summary>
public static class GenerativeModel
{
    /// <summary>Loads a model of this library: finds out which one a file holds, and makes it.</summary>
    /// <param name="path">A file that <see cref="GenerativeModelExtensions.Save(ITrainable, string, IReadOnlyDictionary{string, string}?)">Save</see> wrote.</param>
    /// <param name="device">Where the weights shall live; null is the CPU.</param>
    /// <returns>A model with the settings and the state of the one that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">
    /// The file is damaged, of a model that is not this library's, or of one with networks of its caller's own.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IGenerativeModel Load(string path, torch.Device? device = null)
    {
        using var file = ModelFile.Open(path);
        return ModelKinds.Make(file, device);
    }

    /// <summary>Loads a model of this library from a stream: finds out which one it holds, and makes it.</summary>
    /// <param name="stream">What <c>Save</c> wrote, from where the stream stands to its end, which is read into memory as a whole. It stays open.</param>
    /// <param name="device">Where the weights shall live; null is the CPU.</param>
    /// <returns>A model with the settings and the state of the one that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">
    /// The stream's content is damaged, of a model that is not this library's, or of one with networks of its caller's own.
    /// </exception>
    public static IGenerativeModel Load(Stream stream, torch.Device? device = null)
    {
        using var file = ModelFile.Open(stream);
        return ModelKinds.Make(file, device);
    }

    /// <summary>Reads what a model's file tells beside the model.</summary>
    /// <param name="path">A file that <c>Save</c> wrote.</param>
    /// <returns>The metadata that were given to <c>Save</c>; empty where there were none.</returns>
    /// <exception cref="ModelFileException">The file is damaged, or no model's.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var file = ModelFile.Open(path);
        return file.Metadata;
    }

    /// <summary>Loads a model of any type, also of one's own.</summary>
    /// <typeparam name="TOptions">The type of its settings, as <see cref="ITrainable.Options"/> has it.</typeparam>
    /// <typeparam name="TModel">Its type; the file has the name.</typeparam>
    /// <param name="path">A file that <see cref="GenerativeModelExtensions.Save(ITrainable, string, IReadOnlyDictionary{string, string}?)">Save</see> wrote.</param>
    /// <param name="create">Makes the model from the settings in the file. Its state must have the names and shapes of the one that was saved.</param>
    /// <returns>What <paramref name="create"/> made, with the state of the model that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file is damaged or of another model, or what was made has another state.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="NotSupportedException">
    /// JSON serialization by reflection is disabled, and <typeparamref name="TOptions"/> has no <see cref="SerializerContextAttribute"/>.
    /// </exception>
    public static TModel Load<TOptions, TModel>(string path, Func<TOptions, TModel> create)
        where TOptions : ModelOptions where TModel : ITrainable => ModelFile.Load(path, create);
}
