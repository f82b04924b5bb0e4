using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A part of a network that goes through forward and backward passes in one way.</summary>
/// <remarks>What a pass returns may be overwritten by the next, and belongs to the dispose scope that is open when it runs.</remarks>
internal abstract class Segment : IDisposable
{
    /// <summary>All parameters. Some may be frozen, for good or for a while.</summary>
    public abstract IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The segment's output, cut from its graph. What a backward pass needs is kept.</summary>
    /// <param name="input">Belongs to no graph, and stays as it is until the backward pass.</param>
    /// <param name="inputGradient">Whether the gradient of the input will be asked for.</param>
    public abstract Tensor Forward(Tensor input, bool inputGradient);

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
