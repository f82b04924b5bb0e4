using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>The distribution p_z of a generator's input, independent in every dimension.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NoiseDistribution>))]
public enum NoiseDistribution
{
    /// <summary>N(0, 1).</summary>
    Normal,

    /// <summary>Uniform on [−1, 1).</summary>
    Uniform,
}
