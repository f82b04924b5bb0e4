using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>x ← x·scale, held within ±limit, in place.</summary>
internal static class Clipping
{
    public static void Apply(Tensor x, double scale, double limit)
    {
        if (TensorMemory.Fits(x)) Fused(x, scale, limit);
        else Twin(x, scale, limit);
    }

    internal static unsafe void Fused(Tensor x, double scale, double limit)
    {
        Passes.Run(new Pass(TensorMemory.Pointer(x), (float)scale, (float)limit), x.numel());
        GC.KeepAlive(x);
    }

    internal static void Twin(Tensor x, double scale, double limit)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        x.mul_(scale);
        if (double.IsFinite(limit)) x.copy_(x.clamp(-limit, limit));
    }

    private readonly unsafe struct Pass(float* x, float scale, float limit) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (scales, high, low) = (T.Broadcast(scale), T.Broadcast(limit), T.Broadcast(-limit));
            // The value stands second, where a NaN comes through.
            for (long i = start; i < end; i += T.Count) T.Min(high, T.Max(low, T.Load(x + i) * scales)).Store(x + i);
        }
    }
}
