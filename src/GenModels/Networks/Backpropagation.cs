using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>One forward and one backward pass through a network, given the gradient of what comes after it.</summary>
/// <remarks>
/// Losses have gradients in closed form, so a training step needs no graph of its own. What a pass keeps belongs to the dispose scope that
/// is open when it runs.
/// </remarks>
internal abstract class Backpropagation(nn.Module<Tensor, Tensor> network) : IDisposable
{
    /// <summary>All parameters, in the order of their names. Some may be frozen, for good or for a while.</summary>
    public IReadOnlyList<Tensor> Parameters { get; } = [.. network.parameters()];

    /// <summary>The fastest way through a network.</summary>
    public static Backpropagation Of(nn.Module<Tensor, Tensor> network) =>
        network is IDenseNetwork { Steps: { } steps } && DenseStep.Fit(steps)
            ? new DenseBackpropagation(network, steps)
            : new GraphBackpropagation(network);

    /// <summary>The network's output, cut from its graph.</summary>
    /// <param name="input">Belongs to no graph.</param>
    /// <param name="inputGradient">Whether the gradient of the input will be asked for.</param>
    public abstract Tensor Forward(Tensor input, bool inputGradient = false);

    /// <summary>
    /// The gradients of the parameters, null for one that is frozen or that the output does not depend on, and of the input where it was
    /// asked for.
    /// </summary>
    /// <param name="outputGradient">As many values as the output has. It may be overwritten.</param>
    public abstract (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient);

    /// <summary>
    /// The gradient of the input alone, as <see cref="Backward"/> gives it, without the cost of the parameters' gradients; null where the
    /// output does not depend on the input.
    /// </summary>
    /// <param name="outputGradient">As many values as the output has. It may be overwritten.</param>
    public abstract Tensor? InputGradient(Tensor outputGradient);

    /// <summary>Frees what is kept from one pass to the next.</summary>
    public virtual void Dispose() { }
}
