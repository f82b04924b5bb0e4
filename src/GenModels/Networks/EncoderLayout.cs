using System.Text.Json.Serialization;

namespace GenModels.Networks;

/// <summary>How an encoder arranges its two heads.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EncoderLayout>))]
public enum EncoderLayout
{
    /// <summary>One network, whose last hidden layer feeds both heads: μ(x; θ), σ(x; θ).</summary>
    SharedTrunk,

    /// <summary>A network for each head: μ(x; θ), σ(x; φ).</summary>
    SeparateNetworks,
}
