using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>How the settings of a <see cref="Vae"/> are serialized where reflection is disabled.</summary>
[JsonSerializable(typeof(VaeOptions))]
internal sealed partial class VaeJson : JsonSerializerContext;
