using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Batch normalisation of features: γ·(x − mean)/√(variance + ε) + β (Ioffe and Szegedy 2015, algorithm 1).</summary>
/// <remarks>
/// In training mean and variance are the batch's, otherwise running means of them. The running figures follow passes that gradients are
/// recorded for; a pass under <c>no_grad</c> leaves them as they are. A single example has no spread: the running figures normalise it.
/// </remarks>
public sealed class BatchNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    /// <summary>Makes a layer with γ = 1, β = 0, and running figures of mean 0 and variance 1.</summary>
    /// <param name="features">The number of features, at least 1.</param>
    public BatchNorm(long features) : base(nameof(BatchNorm))
    {
        Guard.Positive(features);
        using var scope = NewDisposeScope();
        register_parameter("weight", Owned(new Parameter(ones(features))));
        register_parameter("bias", Owned(new Parameter(zeros(features))));
        register_buffer("running_mean", Owned(zeros(features)));
        register_buffer("running_var", Owned(ones(features)));
    }

    /// <summary>The parameters and buffers of a layer.</summary>
    internal static IEnumerable<StateShape> Shapes(long features) =>
        [new("weight", features), new("bias", features), new("running_mean", features), new("running_var", features)];

    /// <summary>The normalised features.</summary>
    /// <param name="input">Shape [n, features].</param>
    /// <returns>Shape [n, features].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var state = state_dict();
        bool ofBatch = training && input.shape[0] > 1;
        var mean = ofBatch ? input.mean([0]) : state["running_mean"];
        var centred = input - mean;
        var variance = ofBatch ? centred.square().mean([0]) : state["running_var"];
        if (ofBatch && is_grad_enabled()) Follow(state, mean, variance, input.shape[0]);
        return (centred * (state["weight"] * (variance + Epsilon).rsqrt()) + state["bias"]).MoveToOuterDisposeScope();
    }

    private static void Follow(Dictionary<string, Tensor> state, Tensor mean, Tensor variance, long n)
    {
        using var noGrad = no_grad();
        state["running_mean"].mul_(1 - Momentum).add_(mean, Momentum);
        // The running variance is the unbiased one, as in PyTorch.
        state["running_var"].mul_(1 - Momentum).add_(variance, Momentum * n / (n - 1));
    }

    private static T Owned<T>(T tensor) where T : Tensor
    {
        tensor.DetachFromDisposeScope();
        return tensor;
    }
}
