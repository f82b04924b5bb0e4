using GenModels.Kernels;
using GenModels.State;
using TorchSharp;

namespace GenModels.Optimization;

/// <summary>Updates parameters from gradients that the caller computed.</summary>
/// <param name="parameters">What it updates, which stays the caller's.</param>
/// <param name="options">Clipping, which all optimizers have in common.</param>
public abstract class Optimizer(IReadOnlyList<torch.Tensor> parameters, OptimizerOptions options) : IDisposable
{
    /// <summary>What is updated.</summary>
    public IReadOnlyList<torch.Tensor> Parameters { get; } = parameters;

    /// <summary>The number of steps taken.</summary>
    public long Steps { get; protected set; }

    /// <summary>Takes one step.</summary>
    /// <param name="gradients">One for each parameter, in order; null leaves its parameter as it is. They are overwritten where they are clipped.</param>
    /// <exception cref="ArgumentException">There is another number of gradients than of parameters.</exception>
    public void Step(IReadOnlyList<torch.Tensor?> gradients)
    {
        Guard.SameLength(Guard.NotNull(gradients).Count, Parameters.Count, nameof(gradients), nameof(Parameters));
        Clip(gradients);
        Update(gradients);
    }

    /// <summary>Takes one step, on gradients that have been clipped, and counts it.</summary>
    /// <param name="gradients">One for each parameter, in order; null leaves its parameter as it is.</param>
    protected abstract void Update(IReadOnlyList<torch.Tensor?> gradients);

    private void Clip(IReadOnlyList<torch.Tensor?> gradients)
    {
        double scale = 1;
        if (options.ClipNorm is { } most)
        {
            double norm = Math.Sqrt(gradients.Sum(g => g is null ? 0 : SquaredNorm.Of(g)));
            if (norm > most) scale = most / norm;
        }
        if (scale == 1 && options.ClipValue is null) return;
        foreach (var gradient in gradients)
            if (gradient is not null) Clipping.Apply(gradient, scale, options.ClipValue ?? double.PositiveInfinity);
    }

    /// <summary>Saves or restores what the next step depends on beside the parameters.</summary>
    /// <param name="state">Saves or restores what it is told of.</param>
    /// <param name="name">What the optimizer is called in the state.</param>
    public virtual void Exchange(StateExchange state, string name) => Steps = state.Count($"{name}.steps", Steps);

    /// <summary>Frees what is kept from step to step.</summary>
    public abstract void Dispose();
}
