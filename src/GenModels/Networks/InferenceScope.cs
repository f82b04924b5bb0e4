using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A dispose scope without gradients.</summary>
internal sealed class InferenceScope : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IDisposable _noGrad = no_grad();

    public void Dispose()
    {
        _noGrad.Dispose();
        _scope.Dispose();
    }
}
