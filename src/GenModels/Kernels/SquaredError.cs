using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ (y − x)² and its gradient 2(y − x).</summary>
internal static class SquaredError
{
    /// <summary>The sum over every element, and (y − x) times <paramref name="scale"/>: half the gradient for a scale of 1.</summary>
    public static (double Sum, Tensor Gradient) SumAndGradient(Tensor y, Tensor x, double scale) =>
        TensorMemory.Fits(y, x) ? Fused(y, x, scale) : Twin(y, x, scale);

    internal static unsafe (double Sum, Tensor Gradient) Fused(Tensor y, Tensor x, double scale)
    {
        TensorMemory.RequireSameLength(y, x);
        var gradient = empty_like(y);
        double sum = Passes.Sum(
            new Pass(TensorMemory.Pointer(y), TensorMemory.Pointer(x), TensorMemory.Pointer(gradient), (float)scale), y.numel());
        GC.KeepAlive(y);
        GC.KeepAlive(x);
        return (sum, gradient);
    }

    internal static (double Sum, Tensor Gradient) Twin(Tensor y, Tensor x, double scale)
    {
        using var scope = NewDisposeScope();
        var difference = y - x;
        return (difference.square().sum(float64).item<double>(), (difference * scale).MoveToOuterDisposeScope());
    }

    private readonly unsafe struct Pass(float* y, float* x, float* gradient, float scale) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var difference = T.Load(y + i) - T.Load(x + i);
            (difference * T.Broadcast(scale)).Store(gradient + i);
            return T.MultiplyAdd(difference, difference, sum);
        }
    }
}
