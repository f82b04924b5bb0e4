using TorchSharp;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>A look at a model: a dispose scope without gradients, during which no one changes the model where it has a gate.</summary>
/// <param name="gate">The model's gate.</param>
/// <param name="alone">Whether no one else may look at the model meanwhile; it is then used as it is, and not prepared for a look.</param>
internal sealed class InferenceScope(ModelGate? gate = null, bool alone = false) : IDisposable
{
    private readonly ModelGate.Pass _pass = (alone ? gate?.Alone() : gate?.Look()) ?? default;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _noGrad = no_grad();

    public void Dispose()
    {
        _noGrad.Dispose();
        _scope.Dispose();
        _pass.Dispose();
    }
}
