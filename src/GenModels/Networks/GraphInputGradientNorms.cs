using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Norms of any network's input gradient, by differentiating over libtorch's graph twice.</summary>
internal sealed class GraphInputGradientNorms(nn.Module<Tensor, Tensor> network, NetworkOutput output, long? columns) : InputGradientNorms
{
    private readonly IReadOnlyList<Tensor> _parameters = [.. network.parameters()];
    private Tensor? _norms, _output;

    public override float[] Forward(Tensor points, bool differentiable)
    {
        using var normal = inference_mode(false);
        using var withGrad = enable_grad();
        // A copy, since tensors of the caller's inference mode can't require gradients.
        var at = points.detach().clone().requires_grad_();
        _output = output.Checked(network.call(at), at);
        _norms = SquaredNorms(_output, at, differentiable);
        return _norms.detach().cpu().data<float>().ToArray();
    }

    public override IReadOnlyList<Tensor?> Backward(float[] slopes)
    {
        if (_norms is null || _output is null) throw new InvalidOperationException("Backward was called without Forward.");
        using var withGrad = enable_grad();
        var after = (_norms * tensor(slopes, device: _norms.device)).sum();
        // The last bias moves the output and not its slope. Nothing times the output gives it the gradient 0; TorchSharp counts one that is
        // not there as alive for ever.
        if (after.requires_grad) after = after + _output.sum() * 0.0;
        (_norms, _output) = (null, null);
        return GraphGradients.Of(after, _parameters);
    }

    private Tensor SquaredNorms(Tensor y, Tensor at, bool differentiable)
    {
        if (y.requires_grad)
        {
            // create_graph alone does not keep what the second pass needs.
            var gradient = autograd.grad([y.sum()], [at], retain_graph: differentiable, create_graph: differentiable, allow_unused: true)[0];
            if (!gradient.IsInvalid)
            {
                var rows = gradient.flatten(1);
                return rows.narrow(1, 0, columns ?? rows.shape[1]).square().sum(1);
            }
        }
        return zeros(at.shape[0], device: at.device);
    }
}
