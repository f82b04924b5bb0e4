using GenModels.Training;
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

    /// <summary>Saves or restores what the next step depends on beside the parameters.</summary>
    public virtual void Exchange(StateExchange state, string name) => Steps = state.Count($"{name}.steps", Steps);

    public abstract void Dispose();
}
