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
        var (output, input) = Taken();
        var gradients = GraphGradients.Of(output, input is null ? Parameters : [.. Parameters, input], outputGradient);
        return ([.. gradients.Take(Parameters.Count)], input is null ? null : gradients[^1]);
    }

    public override Tensor? InputGradient(Tensor outputGradient)
    {
        var (output, input) = Taken();
        var source = input ?? throw new InvalidOperationException("The forward pass was not told that its input's gradient is needed.");
        return GraphGradients.Of(output, [source], outputGradient)[0];
    }

    private (Tensor Output, Tensor? Input) Taken()
    {
        var taken = (_output ?? throw new InvalidOperationException("Backward was called without Forward."), _input);
        (_output, _input) = (null, null);
        return taken;
    }
}
