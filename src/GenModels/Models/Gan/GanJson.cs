using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>How the settings of a <see cref="Gan"/> are serialized where reflection is disabled.</summary>
[JsonSerializable(typeof(GanOptions))]
internal sealed partial class GanJson : JsonSerializerContext;
