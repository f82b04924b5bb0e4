using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>p(x|y) for a network's output y [n, …]: what the likelihood's settings become in a model.</summary>
/// <remarks>Its tensors belong to the dispose scope that is open when it is called.</remarks>
public abstract class ObservationModel : IDisposable
{
    /// <summary>What is learned beside the network, under stable names.</summary>
    public virtual IEnumerable<(string Name, Parameter Parameter)> Parameters => [];

    /// <summary>Throws where x has values that p(x|y) gives no density to.</summary>
    /// <param name="x">Examples.</param>
    /// <param name="name">What the caller's parameter is called.</param>
    /// <exception cref="ArgumentException">There are such values.</exception>
    public abstract void CheckData(Tensor x, string name);

    /// <summary>What is observed of examples x: x itself, or a draw of the distribution that x describes.</summary>
    /// <param name="x">Examples.</param>
    /// <param name="generator">The source of the draw.</param>
    public virtual Tensor Observe(Tensor x, RandomGenerator generator) => x;

    /// <summary>E[x|y], as many values a row as an example has.</summary>
    /// <param name="y">The network's output, as many values a row as <see cref="Likelihood.OutputShape"/> says.</param>
    public abstract Tensor Mean(Tensor y);

    /// <summary>A draw of p(x|y), as many values a row as an example has. Its random numbers come from the CPU wherever y lives, so that a seed means the same everywhere.</summary>
    /// <param name="y">The network's output.</param>
    /// <param name="generator">The source of the draws.</param>
    public abstract Tensor Draw(Tensor y, RandomGenerator generator);

    /// <summary>log p(x|y) in nats for each row of y [n·k, …], of which k in turn share one row of x [n, …].</summary>
    /// <param name="y">The network's output.</param>
    /// <param name="x">The examples.</param>
    public abstract double[] LogProbability(Tensor y, Tensor x);

    /// <summary>
    /// The gradients of −Σ vᵣ·log p(x|yᵣ) over the rows r of y [n·k, …], of which k in turn share one row of x [n, …]; null for a parameter
    /// that is frozen.
    /// </summary>
    /// <param name="y">The network's output.</param>
    /// <param name="x">The examples.</param>
    /// <param name="weights">vᵣ, one for each row of y.</param>
    public abstract (Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) WeightedGradient(Tensor y, Tensor x, float[] weights);

    /// <summary>−log p(x|y) summed over the batch, in nats, and its gradients times <paramref name="scale"/>; null for a parameter that is frozen.</summary>
    /// <param name="y">The network's output.</param>
    /// <param name="x">The examples, one for each row of y.</param>
    /// <param name="scale">What the gradients are multiplied with.</param>
    public abstract (double Loss, Tensor Gradient, IReadOnlyList<Tensor?> ParameterGradients) LossAndGradient(Tensor y, Tensor x, double scale);

    /// <summary>−log p(x|y) summed over the batch, in nats, where no gradient is needed.</summary>
    /// <param name="y">The network's output.</param>
    /// <param name="x">The examples, one for each row of y.</param>
    public virtual double Loss(Tensor y, Tensor x) => LossAndGradient(y, x, 1).Loss;

    /// <summary>Frees what is learned beside the network.</summary>
    public virtual void Dispose() { }

    /// <summary>y plus normal noise.</summary>
    private protected static Tensor Noisy(Tensor y, double deviation, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        return (y + deviation * generator.Normal(y.shape).to(y.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Throws where a value is NaN or infinite.</summary>
    internal static void CheckFinite(Tensor x, string name) => CheckFinite(Kernels.ValueRange.Of(x), name);

    private protected static void CheckFinite(Kernels.ValueRange range, string name)
    {
        if (!range.AllFinite)
            throw new ArgumentException("The batch has values that are NaN or infinite. Remove or replace them.", name);
    }
}
