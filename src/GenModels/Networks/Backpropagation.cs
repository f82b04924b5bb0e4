using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>One forward and backward pass through a network, given the gradient of what comes after it.</summary>
/// <remarks>
/// Losses have gradients in closed form, so a training step needs no graph beyond the networks'. The tensors that a pass keeps belong to
/// the dispose scope that is open when it runs.
/// </remarks>
internal sealed class Backpropagation
{
    private readonly nn.Module<Tensor, Tensor> _network;
    private Tensor? _input;
    private Tensor? _output;

    public Backpropagation(nn.Module<Tensor, Tensor> network)
    {
        _network = network;
        Parameters = [.. network.parameters().Where(p => p.requires_grad)];
    }

    /// <summary>What the network learns, in the order of its names.</summary>
    public IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The network's output, cut from its graph.</summary>
    /// <param name="input">Belongs to no graph.</param>
    /// <param name="inputGradient">Whether <see cref="Backward"/> shall compute the gradient of the input.</param>
    public Tensor Forward(Tensor input, bool inputGradient = false)
    {
        _input = inputGradient ? input.detach().requires_grad_() : null;
        _output = _network.call(_input ?? input);
        return _output.detach();
    }

    /// <summary>The gradients of the parameters, null for one that the output does not depend on, and of the input where it was asked for.</summary>
    public (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        if (_output is null) throw new InvalidOperationException("Backward was called without Forward.");
        var sources = Parameters.ToList();
        if (_input is not null) sources.Add(_input);
        // A network without anything to learn has no graph, and libtorch ends the process when asked for its gradients.
        var gradients = _output.requires_grad
            ? autograd.grad([_output], sources, [outputGradient], allow_unused: true).Select(g => g.IsInvalid ? null : g).ToList()
            : [.. sources.Select(_ => (Tensor?)null)];
        (_output, var input) = (null, _input is null ? null : gradients[^1]);
        _input = null;
        return (gradients[..Parameters.Count], input);
    }
}
