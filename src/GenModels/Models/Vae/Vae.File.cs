using static TorchSharp.torch;

namespace GenModels;

public sealed partial class Vae
{
    /// <summary>Loads a VAE that <see cref="GenerativeModelExtensions.Save(ITrainable, string, IReadOnlyDictionary{string, string}?)">Save</see> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the weights shall live; null is the CPU.</param>
    /// <returns>A model with the settings and the state of the one that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file is damaged, of another model, or of one with networks of its caller's own.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Vae Load(string path, Device? device = null)
    {
        using var file = ModelFile.Open(path);
        return file.Make(((VaeOptions options) => new Vae(options, device)));
    }

    /// <summary>Loads a VAE with an encoder or decoder of the caller's own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">
    /// Makes the model, with networks whose parameters have the names and shapes of those that were saved:
    /// <c>options => new Vae(options, encoder, decoder)</c>. It is told the settings in the file.
    /// </param>
    /// <returns>What <paramref name="create"/> made, with the state of the model that was saved, owned by the caller.</returns>
    /// <exception cref="ModelFileException">The file is damaged or of another model, or the networks have other parameters.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Vae Load(string path, Func<VaeOptions, Vae> create) => ModelFile.Load(path, create);
}
