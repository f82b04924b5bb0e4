using static TorchSharp.torch;

namespace GenModels;

/// <summary>The models of this library, and how each is made from a file. The only list of them.</summary>
internal static class ModelKinds
{
    private static readonly Dictionary<string, Func<ModelFile, Device?, IGenerativeModel>> Makers = new()
    {
        [nameof(Vae)] = (file, device) => file.Make((VaeOptions options) => new Vae(options, device)),
        [nameof(Autoencoder)] = (file, device) => file.Make((AutoencoderOptions options) => new Autoencoder(options, device)),
        [nameof(Gan)] = (file, device) => file.Make((GanOptions options) => new Gan(options, device)),
    };

    /// <summary>Makes the model that a file holds.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or holds a model that is none of this library's.</exception>
    public static IGenerativeModel Make(ModelFile file, Device? device) =>
        Makers.TryGetValue(file.Model, out var make) ? make(file, device) : throw file.Unknown([.. Makers.Keys]);
}
