using static TorchSharp.torch;

namespace GenModels;

/// <summary>The generative models of this library, and how each is made from a file. The only list of them.</summary>
internal static class ModelKinds
{
    private static readonly Dictionary<Type, Func<ModelFile, Device?, IGenerativeModel>> Makers = new()
    {
        [typeof(Vae)] = (file, device) => file.Make((VaeOptions options) => new Vae(options, device)),
        [typeof(Autoencoder)] = (file, device) => file.Make((AutoencoderOptions options) => new Autoencoder(options, device)),
        [typeof(Gan)] = (file, device) => file.Make((GanOptions options) => new Gan(options, device)),
    };

    /// <summary>Makes the model that a file holds.</summary>
    /// <exception cref="ModelFileException">The file is damaged, or holds a model that is none of this library's.</exception>
    public static IGenerativeModel Make(ModelFile file, Device? device)
    {
        foreach (var (type, make) in Makers)
            if (StoredNameAttribute.Names(file.Model, type)) return make(file, device);
        throw file.Unknown([.. Makers.Keys.Select(type => type.Name)]);
    }
}
