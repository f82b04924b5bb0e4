using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Convolutions one after another, with batch norm and an activation behind each.</summary>
/// <remarks>Its parameters are named <c>0.weight</c>, <c>0.bias</c>, <c>1.weight</c> and so on, those of batch norm <c>norm0.weight</c> and so on.</remarks>
internal sealed class ConvolutionStack : nn.Module<Tensor, Tensor>, INetworkChain
{
    private readonly ConvolutionLayout _layout;
    private readonly (Convolution Map, BatchNorm? Norm, Activation Activation)[] _layers;

    /// <summary>Makes layers with random weights.</summary>
    /// <param name="layout">Their sizes.</param>
    /// <param name="activation">Applied after each layer but the last.</param>
    /// <param name="outputActivation">Applied after the last.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    public ConvolutionStack(
        ConvolutionLayout layout, Activation activation, Activation outputActivation, Initialization initialization, RandomGenerator generator)
        : base(nameof(ConvolutionStack))
    {
        _layout = layout;
        _layers = [.. layout.Layers.Select((layer, i) => Layer(layer, i == layout.Layers.Count - 1 ? outputActivation : activation))];
        for (int i = 0; i < _layers.Length; i++)
        {
            register_module(LayerNames.Of("", i), _layers[i].Map);
            if (_layers[i].Norm is { } norm) register_module(LayerNames.Of("norm", i), norm);
        }

        (Convolution, BatchNorm?, Activation) Layer((PatchShape Shape, long Columns, bool BatchNorm) sizes, Activation after)
        {
            var map = new Convolution(sizes.Shape, sizes.Columns, layout.Transposed, initialization, generator, hasBias: !sizes.BatchNorm);
            return (map, sizes.BatchNorm ? new BatchNorm(map.Outputs) : null, after);
        }
    }

    public IReadOnlyList<NetworkPart> Parts => Steps;

    private ConvolutionStep[] Steps => [.. _layers.Select((layer, i) => layer.Map.Step(layer.Activation, layer.Norm, i == 0 ? _layout.Planes : 0))];

    /// <summary>The last layer's output: through kernels where no gradients are recorded, otherwise over the graph.</summary>
    /// <param name="input">Shape [n, …]: images, with the values of their planes behind them, or vectors.</param>
    /// <returns>Shape [n, outputs].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var flat = input.flatten(1);
        if (ConvolutionSegment.TryInfer(Steps, flat) is { } output) return output.MoveToOuterDisposeScope();
        var h = AsImages(flat);
        foreach (var (map, norm, activation) in _layers)
        {
            h = map.call(h);
            if (norm is not null) h = norm.call(h);
            h = activation.Apply(h);
        }
        return h.flatten(1).MoveToOuterDisposeScope();
    }

    private Tensor AsImages(Tensor flat)
    {
        if (_layout.Transposed) return flat.unsqueeze(2).unsqueeze(3);
        var shape = _layout.Layers[0].Shape;
        long n = flat.shape[0], planes = _layout.Planes, channels = shape.Channels - planes;
        if (planes == 0) return flat.view(n, channels, shape.Height, shape.Width);
        var images = flat.narrow(1, 0, flat.shape[1] - planes).reshape(n, channels, shape.Height, shape.Width);
        var values = flat.narrow(1, flat.shape[1] - planes, planes).reshape(n, planes, 1, 1).expand(n, planes, shape.Height, shape.Width);
        return cat([images, values], 1);
    }
}
