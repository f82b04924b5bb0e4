using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Batch normalization of features: γ·(x − mean)/√(variance + ε) + β (Ioffe and Szegedy 2015, algorithm 1).</summary>
/// <remarks>
/// In training mean and variance are the batch's, otherwise running means of them. The running figures follow passes that gradients are
/// recorded for; a pass under <c>no_grad</c> leaves them as they are. A single value has no spread: the running figures normalize it.
/// </remarks>
public sealed class BatchNorm : nn.Module<Tensor, Tensor>
{
    internal const float Epsilon = 1e-5f;
    internal const float Momentum = 0.1f;

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

    internal Parameter Weight => get_parameter("weight") ?? throw new InvalidOperationException("The layer has no weight.");

    internal Parameter Bias => get_parameter("bias") ?? throw new InvalidOperationException("The layer has no bias.");

    internal Tensor RunningMean => Buffer("running_mean");

    internal Tensor RunningVariance => Buffer("running_var");

    /// <summary>Whether the running figures follow passes that gradients are recorded for.</summary>
    internal bool Follows { get; set; } = true;

    /// <summary>Whether mean and variance are those of a batch with so many values of each feature.</summary>
    internal bool IsOfBatch(long values) => training && values > 1;

    /// <summary>The normalized features.</summary>
    /// <param name="input">Shape [n, features], or [n, features, height, width], where every pixel counts as an example.</param>
    /// <returns>The same shape.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        long[] pixels = input.ndim == 4 ? [0, 2, 3] : [0];
        long[] perFeature = input.ndim == 4 ? [-1, 1, 1] : [-1];
        long n = input.numel() / input.shape[1];
        bool ofBatch = IsOfBatch(n);
        var mean = ofBatch ? input.mean(pixels) : RunningMean;
        var centred = input - mean.view(perFeature);
        var variance = ofBatch ? centred.square().mean(pixels) : RunningVariance;
        if (ofBatch && Follows && is_grad_enabled()) Follow(mean, variance, n);
        var scale = Weight * (variance + Epsilon).rsqrt();
        return (centred * scale.view(perFeature) + Bias.view(perFeature)).MoveToOuterDisposeScope();
    }

    private void Follow(Tensor mean, Tensor variance, long n)
    {
        using var noGrad = no_grad();
        RunningMean.mul_(1 - Momentum).add_(mean, Momentum);
        // The running variance is the unbiased one, as in PyTorch.
        RunningVariance.mul_(1 - Momentum).add_(variance, Momentum * n / (n - 1));
    }

    private Tensor Buffer(string name) => named_buffers().First(buffer => buffer.name == name).buffer;

    private static T Owned<T>(T tensor) where T : Tensor
    {
        tensor.DetachFromDisposeScope();
        return tensor;
    }
}
