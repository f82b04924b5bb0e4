using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>
/// The logarithm of the probability that mixtures of discretized logistic distributions give the pixels of each row, and its gradient:
/// Σ over pixels of log Σᵢ πᵢ Π over channels of P(t | μᵢ, sᵢ), where the mean of green moves with red, and that of blue with both
/// (Salimans et al. 2017, sections 2.1 and 2.2).
/// </summary>
internal static class LogisticMixtureRows
{
    /// <summary>Nats for each row of y [n·k, planes·pixels], of which k in turn share one row of x [n, channels·pixels] with values k/255.</summary>
    public static double[] LogProbability(Tensor y, Tensor x, MixtureLayout layout) =>
        TensorMemory.Fits(y, x) ? Fused(y, x, layout) : Twin(y, x, layout);

    /// <summary>The same, and the gradient of minus its sum with a weight for each row, of the shape of y.</summary>
    public static (double[] LogProbability, Tensor Gradient) WithGradient(Tensor y, Tensor x, MixtureLayout layout, float[] weights) =>
        TensorMemory.Fits(y, x) ? FusedGradient(y, x, layout, weights) : TwinGradient(y, x, layout, weights);

    internal static unsafe double[] Fused(Tensor y, Tensor x, MixtureLayout layout) => Run(y, x, layout, null, null);

    internal static unsafe (double[] LogProbability, Tensor Gradient) FusedGradient(Tensor y, Tensor x, MixtureLayout layout, float[] weights)
    {
        Guard.SameLength(weights.Length, (int)y.shape[0], nameof(weights), nameof(y));
        var gradient = empty_like(y);
        fixed (float* scales = weights) return (Run(y, x, layout, scales, TensorMemory.Pointer(gradient)), gradient);
    }

    internal static double[] Twin(Tensor y, Tensor x, MixtureLayout layout)
    {
        using var scope = NewDisposeScope();
        return TwinRows(y, x, layout).cpu().data<double>().ToArray();
    }

    internal static (double[] LogProbability, Tensor Gradient) TwinGradient(Tensor y, Tensor x, MixtureLayout layout, float[] weights)
    {
        using var scope = NewDisposeScope();
        using var recorded = enable_grad();
        var leaf = y.detach().requires_grad_();
        var rows = TwinRows(leaf, x, layout);
        var gradient = autograd.grad([rows], [leaf], [-tensor(weights, dtype: float64, device: y.device)])[0];
        return (rows.detach().cpu().data<double>().ToArray(), gradient.MoveToOuterDisposeScope());
    }

    private static Tensor TwinRows(Tensor y, Tensor x, MixtureLayout layout)
    {
        var (rows, pixels, group) = Size(y, x, layout);
        var levels = 2 * x.view(rows / group, 1, layout.Channels, pixels).expand(rows / group, group, layout.Channels, pixels).reshape(rows, layout.Channels, pixels) - 1;
        var planes = y.view(rows, layout.Planes, pixels);
        var logits = layout.Logits(planes);
        var joint = logits;
        layout.EachChannel(planes, (channel, means, logScales) =>
        {
            var level = levels.narrow(1, channel, 1);
            joint = joint + TwinLog(level, means, logScales);
            return level;
        });
        return (joint.logsumexp(1) - logits.logsumexp(1)).sum(1, type: float64);
    }

    private static Tensor TwinLog(Tensor level, Tensor means, Tensor logScales)
    {
        const double half = 1.0 / 255;
        var (hasLower, hasUpper) = (level.gt(half - 1).to(level.dtype), level.lt(1 - half).to(level.dtype));
        var precision = (-logScales).exp();
        var (a, b) = (precision * (level - means + half), precision * (level - means - half));
        var width = (-(-2 * half * precision).expm1()).log();
        return hasLower * hasUpper * width - hasUpper * nn.functional.softplus(-a) - hasLower * nn.functional.softplus(b);
    }

    private static unsafe double[] Run(Tensor y, Tensor x, MixtureLayout layout, float* weights, float* gradient)
    {
        var (rows, pixels, group) = Size(y, x, layout);
        var sums = new double[rows];
        fixed (double* target = sums)
            Tiles.RunRows(
                new LogisticMixturePass(TensorMemory.Pointer(y), TensorMemory.Pointer(x), weights, gradient, target, layout, pixels, group), rows, pixels);
        GC.KeepAlive(y);
        GC.KeepAlive(x);
        return sums;
    }

    private static (long Rows, long Pixels, long Group) Size(Tensor y, Tensor x, MixtureLayout layout)
    {
        long[] shape = y.shape, shared = x.shape;
        long pixels = shared.Length == 2 ? shared[1] / layout.Channels : 0;
        if (shape.Length != 2 || shared.Length != 2 || shared[1] != pixels * layout.Channels || shape[1] != pixels * layout.Planes
            || shared[0] < 1 || shape[0] % shared[0] != 0)
            throw new ArgumentException(
                $"A kernel was given {Guard.Shape(shape)} and {Guard.Shape(shared)}, expected [n·k, {layout.Planes}·pixels] and [n, {layout.Channels}·pixels].", nameof(y));
        return (shape[0], pixels, shape[0] / shared[0]);
    }
}
