using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A network from images to vectors: convolutions, and fully connected layers behind them.</summary>
/// <remarks>Its parameters are named <c>convolutions.0.weight</c> and so on, and <c>dense.0.weight</c> and so on.</remarks>
public sealed class ConvolutionalEncoder : nn.Module<Tensor, Tensor>, INetworkChain, IEncoderNetwork
{
    private readonly ConvolutionStack _convolutions;
    private readonly Mlp _dense;

    /// <summary>Makes a network with random weights.</summary>
    /// <param name="imageShape">The channels, height and width of an image.</param>
    /// <param name="hidden">The hidden layers, convolutions among them.</param>
    /// <param name="outputs">The number of outputs.</param>
    /// <param name="outputActivation">Applied after the last layer.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    /// <param name="dropout">The source of what dropout drops; needed where a rate is above 0.</param>
    /// <param name="planes">How many values stand behind an image, such as those of a condition: the first layer sees a constant plane of each.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or the image can't be halved so often.</exception>
    public ConvolutionalEncoder(
        IReadOnlyList<long> imageShape, HiddenLayers hidden, long outputs, Activation outputActivation, Initialization initialization,
        RandomGenerator generator, RandomGenerator? dropout = null, int planes = 0) : base(nameof(ConvolutionalEncoder))
    {
        var layout = Layout(imageShape, hidden, planes);
        _convolutions = new ConvolutionStack(layout, hidden.Activation, hidden.Activation, initialization, generator);
        _dense = new Mlp(layout.Outputs, hidden, outputs, outputActivation, initialization, generator, dropout);
        register_module("convolutions", _convolutions);
        register_module("dense", _dense);
    }

    IReadOnlyList<NetworkPart> INetworkChain.Parts => [.. _convolutions.Parts, .. NetworkPart.Of(_dense)];

    /// <summary>The parameters and buffers that a network of these settings has.</summary>
    internal static IEnumerable<StateShape> Shapes(IReadOnlyList<long> imageShape, HiddenLayers hidden, long outputs, int planes)
    {
        var layout = Layout(imageShape, hidden, planes);
        return layout.Shapes().Under("convolutions").Concat(Mlp.Shapes(layout.Outputs, hidden, outputs).Under("dense"));
    }

    /// <summary>The network's output.</summary>
    /// <param name="input">Shape [n, …]: images, with the values of their planes behind them.</param>
    /// <returns>Shape [n, outputs].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _dense.call(_convolutions.call(input)).MoveToOuterDisposeScope();
    }

    Tensor IEncoderNetwork.LastHidden(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _dense.LastHidden(_convolutions.call(input)).MoveToOuterDisposeScope();
    }

    private static ConvolutionLayout Layout(IReadOnlyList<long> imageShape, HiddenLayers hidden, int planes)
    {
        Guard.NotNegative(planes);
        Guard.NotNull(hidden).Validate();
        var settings = Guard.NotNull(hidden.Convolutions);
        settings.ValidateFor(Guard.NotNull(imageShape));
        return ConvolutionLayout.Reading(settings, imageShape, planes);
    }
}
