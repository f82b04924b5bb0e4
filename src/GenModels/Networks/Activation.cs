using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>The function applied to a layer's output, element by element.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Activation>))]
public enum Activation
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>x where x ≥ 0, 0.2·x below: the slope of Radford, Metz and Chintala (2016).</summary>
    LeakyRelu,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>x where x ≥ 0, eˣ − 1 below (Clevert, Unterthiner and Hochreiter 2016).</summary>
    Elu,

    /// <summary>log(1 + eˣ).</summary>
    Softplus,
}

internal static class Activations
{
    public const double LeakySlope = 0.2;

    /// <summary>Whether the function has a second derivative other than 0.</summary>
    public static bool IsCurved(this Activation activation) =>
        activation is Activation.Tanh or Activation.Sigmoid or Activation.Elu or Activation.Softplus;

    /// <summary>The function's value, differentiable.</summary>
    public static Tensor Apply(this Activation activation, Tensor x) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => x.relu(),
        Activation.LeakyRelu => nn.functional.leaky_relu(x, LeakySlope),
        Activation.Tanh => x.tanh(),
        Activation.Sigmoid => x.sigmoid(),
        Activation.Elu => nn.functional.elu(x, 1.0),
        Activation.Softplus => nn.functional.softplus(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation."),
    };
}
