using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ [max(l, 0) − x·l + log(1 + e^−|l|)], the negative Bernoulli log-likelihood of x under logits l, and its gradient σ(l) − x.</summary>
internal static class BernoulliLoss
{
    /// <summary>The sum in nats over every element, and its gradient with respect to the logits times <paramref name="scale"/>.</summary>
    public static (double Sum, Tensor Gradient) SumAndGradient(Tensor logits, Tensor x, double scale) =>
        TensorMemory.Fits(logits, x) ? Fused(logits, x, scale) : Twin(logits, x, scale);

    internal static unsafe (double Sum, Tensor Gradient) Fused(Tensor logits, Tensor x, double scale)
    {
        TensorMemory.RequireSameLength(logits, x);
        var gradient = empty_like(logits);
        double sum = Passes.Sum(
            new Pass(TensorMemory.Pointer(logits), TensorMemory.Pointer(x), TensorMemory.Pointer(gradient), (float)scale), logits.numel());
        GC.KeepAlive(logits);
        GC.KeepAlive(x);
        return (sum, gradient);
    }

    internal static (double Sum, Tensor Gradient) Twin(Tensor logits, Tensor x, double scale)
    {
        using var scope = NewDisposeScope();
        var losses = logits.clamp(min: 0) - x * logits + (-logits.abs()).exp().log1p();
        var gradient = (logits.sigmoid() - x) * scale;
        return (losses.sum(float64).item<double>(), gradient.MoveToOuterDisposeScope());
    }

    private readonly unsafe struct Pass(float* logits, float* x, float* gradient, float scale) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var (zero, one) = (T.Broadcast(0), T.Broadcast(1));
            var (l, target) = (T.Load(logits + i), T.Load(x + i));
            var e = LaneMath.Exp(zero - T.Abs(l));
            var sigmoid = T.SelectLess(l, zero, e, one) / (one + e);
            ((sigmoid - target) * T.Broadcast(scale)).Store(gradient + i);
            return sum + (T.Max(l, zero) - target * l + LaneMath.Log1p(e));
        }
    }
}
