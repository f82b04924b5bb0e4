using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Passes through any network, over libtorch's graph.</summary>
internal sealed class GraphBackpropagation(nn.Module<Tensor, Tensor> network) : Backpropagation(network)
{
    private readonly nn.Module<Tensor, Tensor> _network = network;
    private Tensor? _input;
    private Tensor? _output;

    public override Tensor Forward(Tensor input, bool inputGradient = false)
    {
        _input = inputGradient ? input.detach().requires_grad_() : null;
        _output = _network.call(_input ?? input);
        return _output.detach();
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var (output, input) = (_output ?? throw new InvalidOperationException("Backward was called without Forward."), _input);
        (_output, _input) = (null, null);
        Tensor[] sources = input is null ? [.. Parameters] : [.. Parameters, input];
        // libtorch ends the process when asked for the gradients of what has no graph.
        var gradients = output.requires_grad
            ? autograd.grad([output], sources, [outputGradient], allow_unused: true).Select(g => g.IsInvalid ? null : g).ToArray()
            : new Tensor?[sources.Length];
        return (gradients[..Parameters.Count], input is null ? null : gradients[^1]);
    }
}
