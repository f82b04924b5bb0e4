using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>a ← a + rate·(b − a) in place: a step of an exponential moving average.</summary>
internal static class Interpolation
{
    public static void Apply(Tensor average, Tensor value, double rate)
    {
        if (TensorMemory.Fits(average, value)) Fused(average, value, rate);
        else Twin(average, value, rate);
    }

    internal static unsafe void Fused(Tensor average, Tensor value, double rate)
    {
        TensorMemory.RequireSameLength(average, value);
        Passes.Run(new Pass(TensorMemory.Pointer(average), TensorMemory.Pointer(value), (float)rate), average.numel());
        GC.KeepAlive(value);
    }

    internal static void Twin(Tensor average, Tensor value, double rate)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        average.add_(value - average, rate);
    }

    private readonly unsafe struct Pass(float* average, float* value, float rate) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var rates = T.Broadcast(rate);
            for (long i = start; i < end; i += T.Count)
            {
                var a = T.Load(average + i);
                T.MultiplyAdd(rates, T.Load(value + i) - a, a).Store(average + i);
            }
        }
    }
}
