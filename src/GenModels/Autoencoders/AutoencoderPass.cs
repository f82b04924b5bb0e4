using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Forward and backward passes through encoder and decoder.</summary>
internal sealed class AutoencoderPass : IDisposable
{
    private readonly Backpropagation[] _passes;

    public AutoencoderPass(EncoderDecoder networks)
    {
        // Two multilayer perceptrons have passes of their own each. Networks that may share weights make one graph, in which the gradients
        // of all uses of a weight add.
        _passes = networks is { Encoder: Mlp, Decoder: Mlp }
            ? [Backpropagation.Of(networks.Encoder), Backpropagation.Of(networks.Decoder)]
            : [Backpropagation.Of(networks)];
        Parameters = [.. _passes.SelectMany(p => p.Parameters)];
    }

    /// <summary>What is learned, every parameter once.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    public Tensor Forward(Tensor input)
    {
        var h = input;
        for (int i = 0; i < _passes.Length; i++) h = _passes[i].Forward(h, inputGradient: i > 0);
        return h;
    }

    /// <summary>The gradients of <see cref="Parameters"/>.</summary>
    public IReadOnlyList<Tensor?> Backward(Tensor outputGradient)
    {
        IEnumerable<Tensor?> gradients = [];
        var g = outputGradient;
        foreach (var pass in _passes.Reverse())
        {
            var (parameters, input) = pass.Backward(g);
            gradients = [.. parameters, .. gradients];
            if (input is not null) g = input;
        }
        return [.. gradients];
    }

    /// <summary>Frees what is kept from one pass to the next.</summary>
    public void Dispose()
    {
        foreach (var pass in _passes) pass.Dispose();
    }
}
