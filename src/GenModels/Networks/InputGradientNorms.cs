using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// The squared norms of the gradients of a network's output by each example, and the gradients of what comes after these norms by the
/// network's parameters.
/// </summary>
/// <remarks>What a pass returns is overwritten by the next, and what it keeps belongs to the dispose scope that is open when it runs.</remarks>
internal abstract class InputGradientNorms : IDisposable
{
    /// <summary>The fastest way: in closed form where the network is nothing but dense layers without batch norm, otherwise over libtorch's graph.</summary>
    /// <param name="network">The network, of one output an example.</param>
    /// <param name="output">What the network must give.</param>
    /// <param name="columns">
    /// How many of the input's first columns the gradient is taken by; what stands behind them, such as conditions, moves nothing. Null takes all.
    /// </param>
    public static InputGradientNorms Of(nn.Module<Tensor, Tensor> network, NetworkOutput output, long? columns = null)
    {
        var parts = NetworkPart.Of(network);
        DenseStep[] steps = [.. parts.OfType<DenseStep>().Where(step => step.Norm is null && !step.Shared)];
        return steps.Length == parts.Count && DenseStep.Fit(steps)
            ? new DenseInputGradientNorms(network, steps, columns)
            : new GraphInputGradientNorms(network, output, columns);
    }

    /// <summary>‖∇ₓ y‖² for each example x.</summary>
    /// <param name="points">The examples, one a row.</param>
    /// <param name="differentiable">Whether <see cref="Backward"/> may follow.</param>
    public abstract float[] Forward(Tensor points, bool differentiable);

    /// <summary>
    /// The gradients of the parameters, in the order of their names; null for one that is frozen or that the norms do not depend on.
    /// </summary>
    /// <param name="slopes">The derivative of what comes after by each norm.</param>
    public abstract IReadOnlyList<Tensor?> Backward(float[] slopes);

    /// <summary>Frees what is kept from one pass to the next.</summary>
    public virtual void Dispose() { }
}
