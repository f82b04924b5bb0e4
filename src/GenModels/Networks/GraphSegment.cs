using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>What there is no kernel for, over libtorch's graph.</summary>
internal sealed class GraphSegment(ModulePart part) : Segment
{
    private Tensor? _input;
    private Tensor? _output;

    public override IReadOnlyList<Tensor> Parameters { get; } = [.. part.Module.parameters()];

    public override Tensor Forward(Tensor input, bool inputGradient)
    {
        _input = inputGradient ? input.detach().requires_grad_() : null;
        _output = part.Forward(_input ?? input);
        return _output.detach();
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var (output, input) = Taken();
        var gradients = GraphGradients.Of(output, input is null ? Parameters : [.. Parameters, input], outputGradient);
        // A copy of the input's: it may lie in the same memory as a parameter's, and the segment before this one may overwrite it.
        return ([.. gradients.Take(Parameters.Count)], input is null ? null : gradients[^1]?.clone());
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
