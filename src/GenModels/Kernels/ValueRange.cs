using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>The least and the greatest value of a tensor; what they are is not defined where a value is NaN or infinite.</summary>
internal readonly record struct ValueRange(double Least, double Greatest, bool AllFinite)
{
    public static unsafe ValueRange Of(Tensor tensor)
    {
        if (!TensorMemory.Fits(tensor)) return Twin(tensor);
        float* extremes = stackalloc float[3] { float.PositiveInfinity, float.NegativeInfinity, 0 };
        long length = tensor.numel();
        var pass = new Pass(TensorMemory.Pointer(tensor), extremes);
        Passes.RunHere(pass, length);
        GC.KeepAlive(tensor);
        return new(extremes[0], extremes[1], extremes[2] == 0);
    }

    internal static ValueRange Twin(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.to(float64);
        return new(values.min().item<double>(), values.max().item<double>(), values.isfinite().all().item<bool>());
    }

    private readonly unsafe struct Pass(float* values, float* extremes) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            if (start == end) return;
            var (least, greatest, bad) = (T.Load(values + start), T.Load(values + start), T.Broadcast(0));
            for (long i = start; i < end; i += T.Count)
            {
                var v = T.Load(values + i);
                least = T.Min(least, v);
                greatest = T.Max(greatest, v);
                // NaN and infinities turn v·0 into NaN; a sum keeps it.
                bad += v * T.Broadcast(0);
            }
            extremes[0] = MathF.Min(extremes[0], T.Least(least));
            extremes[1] = MathF.Max(extremes[1], T.Greatest(greatest));
            if (T.AnyNaN(bad)) extremes[2] = 1;
        }
    }
}
