using System.Text.Json.Serialization;

namespace GenModels.Networks;

/// <summary>What the hidden layers of a network are made of. Immutable; checked when a network is made of it.</summary>
/// <remarks>
/// A fully connected layer is, in this order: dropout of its input, a fully connected map, batch norm, and the activation or maxout. Convolutions, where there
/// are any, stand between these layers and the image.
/// </remarks>
public sealed partial record HiddenLayers
{
    /// <summary>The widths of the fully connected layers, from input to output; none makes a linear map.</summary>
    /// <value>Default [256, 256]. Every width at least 1.</value>
    public ValueList<int> Widths { get; init; } = [256, 256];

    /// <summary>Applied after each hidden layer.</summary>
    /// <value>Default <see cref="Networks.Activation.Relu"/>; not used where <see cref="MaxoutPieces"/> is above 1.</value>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The number of linear pieces of which a unit takes the greatest (maxout, Goodfellow et al. 2013, equation 1).</summary>
    /// <value>Default 1: no maxout. Range: at least 1.</value>
    public int MaxoutPieces { get; init; } = 1;

    /// <summary>The probability that dropout sets an input of the network to 0.</summary>
    /// <value>Default 0. Range: [0, 1).</value>
    public double InputDropout { get; init; }

    /// <summary>The probability that dropout sets the output of a hidden unit to 0.</summary>
    /// <value>Default 0. Range: [0, 1).</value>
    public double Dropout { get; init; }

    /// <summary>Whether batch norm stands between map and activation (Ioffe and Szegedy 2015). The map then has no bias of its own.</summary>
    /// <value>Default false.</value>
    public bool BatchNorm { get; init; }

    /// <summary>Convolutions between the image and the fully connected layers, with the same activation.</summary>
    /// <value>
    /// Default null: none. They need examples of the shape [channels, height, width]; dropout, maxout and <see cref="BatchNorm"/> are those of the fully
    /// connected layers alone, and a network that makes images has none of the three.
    /// </value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConvolutionalLayers? Convolutions { get; init; }

    internal bool HasDropout => InputDropout > 0 || Dropout > 0;

    internal void Validate()
    {
        foreach (int width in Guard.NotNull(Widths)) Guard.AtLeast(width, 1, nameof(Widths));
        Guard.Defined(Activation);
        Guard.AtLeast(MaxoutPieces, 1);
        Guard.InHalfOpen(InputDropout, 0, 1);
        Guard.InHalfOpen(Dropout, 0, 1);
        Convolutions?.Validate();
    }
}
