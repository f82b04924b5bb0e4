using TorchSharp;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// An update of a model: a dispose scope in which gradients are recorded, whatever the caller has switched off, and during which no one else
/// uses the model where it has a gate.
/// </summary>
internal sealed class TrainingScope : IDisposable
{
    private readonly ModelGate.Pass _pass;
    private readonly DisposeScope _scope;
    private readonly IDisposable _withGradients;

    /// <exception cref="InvalidOperationException">The caller is in inference mode.</exception>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public TrainingScope(ModelGate? gate = null)
    {
        // Its tensors can take part in no graph, not even outside it, so that enabling gradients would not be enough.
        if (is_inference_mode_enabled())
            throw new InvalidOperationException(
                "A training step was taken in torch.inference_mode, whose tensors have no gradients. Leave that mode to train; torch.no_grad() does no harm.");
        _pass = gate?.Alone() ?? default;
        _scope = NewDisposeScope();
        _withGradients = enable_grad();
    }

    public void Dispose()
    {
        _withGradients.Dispose();
        _scope.Dispose();
        _pass.Dispose();
    }
}
