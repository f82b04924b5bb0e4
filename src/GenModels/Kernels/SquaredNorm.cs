using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ x² over every element.</summary>
internal static class SquaredNorm
{
    public static double Of(Tensor x) => TensorMemory.Fits(x) ? Fused(x) : Twin(x);

    internal static unsafe double Fused(Tensor x)
    {
        double sum = Passes.Run(new Pass(TensorMemory.Pointer(x)), x.numel());
        GC.KeepAlive(x);
        return sum;
    }

    internal static double Twin(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.to(float64).square().sum().cpu().item<double>();
    }

    private readonly unsafe struct Pass(float* x) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public float Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var sum = T.Broadcast(0);
            for (long i = start; i < end; i += T.Count)
            {
                var v = T.Load(x + i);
                sum = T.MultiplyAdd(v, v, sum);
            }
            return T.Sum(sum);
        }
    }
}
