using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ x² over every element.</summary>
internal static class SquaredNorm
{
    public static double Of(Tensor x) => TensorMemory.Fits(x) ? Fused(x) : Twin(x);

    internal static unsafe double Fused(Tensor x)
    {
        double sum = Passes.Sum(new Pass(TensorMemory.Pointer(x)), x.numel());
        GC.KeepAlive(x);
        return sum;
    }

    internal static double Twin(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(float64).square().sum().cpu().item<double>();
    }

    private readonly unsafe struct Pass(float* x) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var v = T.Load(x + i);
            return T.MultiplyAdd(v, v, sum);
        }
    }
}
