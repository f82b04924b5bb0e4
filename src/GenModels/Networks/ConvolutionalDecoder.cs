using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A network from vectors to images: fully connected layers, and transposed convolutions behind them.</summary>
/// <remarks>
/// Its parameters are named <c>dense.0.weight</c> and so on, and <c>convolutions.0.weight</c> and so on. The first of the convolutions makes the smallest
/// image, with a window as large as that.
/// </remarks>
public sealed class ConvolutionalDecoder : nn.Module<Tensor, Tensor>, INetworkChain
{
    private readonly Mlp? _dense;
    private readonly ConvolutionStack _convolutions;

    /// <summary>Makes a network with random weights.</summary>
    /// <param name="inputs">The number of inputs.</param>
    /// <param name="hidden">The hidden layers, convolutions among them, whose channels count from the image inward; without dropout, maxout, or batch norm of dense layers.</param>
    /// <param name="imageShape">The channels, height and width of an image.</param>
    /// <param name="outputActivation">Applied after the last layer.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or the image can't be halved so often.</exception>
    public ConvolutionalDecoder(
        long inputs, HiddenLayers hidden, IReadOnlyList<long> imageShape, Activation outputActivation, Initialization initialization, RandomGenerator generator)
        : base(nameof(ConvolutionalDecoder))
    {
        var layout = Layout(inputs, hidden, imageShape);
        if (hidden.Widths.Count > 0)
        {
            _dense = new Mlp(inputs, DenseOf(hidden), hidden.Widths[^1], hidden.Activation, initialization, generator);
            register_module("dense", _dense);
        }
        _convolutions = new ConvolutionStack(layout, hidden.Activation, outputActivation, initialization, generator);
        register_module("convolutions", _convolutions);
    }

    IReadOnlyList<NetworkPart> INetworkChain.Parts => [.. _dense is null ? [] : NetworkPart.Of(_dense), .. _convolutions.Parts];

    /// <summary>The parameters and buffers that a network of these settings has.</summary>
    internal static IEnumerable<StateShape> Shapes(long inputs, HiddenLayers hidden, IReadOnlyList<long> imageShape) =>
        (hidden.Widths.Count > 0 ? Mlp.Shapes(inputs, DenseOf(hidden), hidden.Widths[^1]).Under("dense") : [])
            .Concat(Layout(inputs, hidden, imageShape).Shapes().Under("convolutions"));

    /// <summary>The network's output.</summary>
    /// <param name="input">Shape [n, inputs].</param>
    /// <returns>Shape [n, channels · height · width], channels first.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _convolutions.call(_dense is null ? input : _dense.call(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The dense layers but the last, which is the output of their network.</summary>
    private static HiddenLayers DenseOf(HiddenLayers hidden) => hidden with { Widths = [.. hidden.Widths.SkipLast(1)], Convolutions = null };

    private static ConvolutionLayout Layout(long inputs, HiddenLayers hidden, IReadOnlyList<long> imageShape)
    {
        Guard.NotNull(hidden).Validate();
        if (hidden.HasDropout || hidden.MaxoutPieces > 1 || hidden.BatchNorm)
            throw new ArgumentException(
                "A network that makes images has dropout, maxout, or batch norm of dense layers beside its convolutions, expected none of them: " +
                "batch norm of convolutions is one of their own settings.", nameof(hidden));
        var settings = Guard.NotNull(hidden.Convolutions);
        settings.ValidateFor(Guard.NotNull(imageShape));
        return ConvolutionLayout.Making(settings, hidden.Widths.Count > 0 ? hidden.Widths[^1] : inputs, imageShape);
    }
}
