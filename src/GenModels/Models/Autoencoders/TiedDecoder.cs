using System.Globalization;
using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>An encoder's layers backwards, each with the encoder's weight transposed. It has biases and no weights of its own.</summary>
/// <remarks>Its parameters are named <c>0.bias</c>, <c>1.bias</c> and so on, from code to output.</remarks>
internal sealed class TiedDecoder : nn.Module<Tensor, Tensor>, INetworkChain
{
    private readonly TransposedDense[] _layers;
    private readonly Activation _activation;
    private readonly Activation _outputActivation;

    public TiedDecoder(Mlp encoder, Activation outputActivation) : base(nameof(TiedDecoder))
    {
        (_activation, _outputActivation) = (encoder.HiddenActivation, outputActivation);
        _layers = [.. encoder.Layers.Reverse().Select(layer => new TransposedDense(layer))];
        for (int i = 0; i < _layers.Length; i++) register_module(i.ToString(CultureInfo.InvariantCulture), _layers[i]);
    }

    public IReadOnlyList<NetworkPart> Parts => Steps;

    private DenseStep[] Steps => [.. _layers.Select(layer => new DenseStep(layer.Weight, layer.Bias, ActivationOf(layer), Shared: true))];

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        if (DenseSegment.TryInfer(Steps, input) is { } output) return output.MoveToOuterDisposeScope();
        var h = input;
        foreach (var layer in _layers) h = ActivationOf(layer).Apply(layer.call(h));
        return h.MoveToOuterDisposeScope();
    }

    private Activation ActivationOf(TransposedDense layer) => layer == _layers[^1] ? _outputActivation : _activation;
}
