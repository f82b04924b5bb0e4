using TorchSharp;

namespace GenModels.Optimization;

/// <summary>Updates parameters from gradients that the caller computed.</summary>
internal abstract class Optimizer(IReadOnlyList<torch.Tensor> parameters) : IDisposable
{
    protected IReadOnlyList<torch.Tensor> Parameters { get; } = parameters;

    /// <summary>The number of steps taken.</summary>
    public long Steps { get; protected set; }

    /// <summary>Takes one step.</summary>
    /// <param name="gradients">One for each parameter, in order; null leaves its parameter as it is.</param>
    public abstract void Step(IReadOnlyList<torch.Tensor?> gradients);

    public abstract void Dispose();
}
