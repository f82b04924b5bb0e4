using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>How the settings of an <see cref="Autoencoder"/> are serialized where reflection is disabled.</summary>
[JsonSerializable(typeof(AutoencoderOptions))]
internal sealed partial class AutoencoderJson : JsonSerializerContext;
