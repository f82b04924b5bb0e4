using TorchSharp;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>A look at a model: a dispose scope without gradients, during which no one changes the model where it has a gate.</summary>
internal sealed class InferenceScope(ModelGate? gate = null) : IDisposable
{
    private readonly ModelGate.Pass _pass = gate?.Look() ?? default;
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _noGrad = no_grad();

    public void Dispose()
    {
        _noGrad.Dispose();
        _scope.Dispose();
        _pass.Dispose();
    }
}
