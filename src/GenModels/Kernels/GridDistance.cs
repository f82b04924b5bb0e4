using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>How far the values of a tensor lie from the levels 0, 1/255, …, 1.</summary>
internal static class GridDistance
{
    /// <summary>The greatest distance to the nearest level, in steps of 1/255: from 0 to ½.</summary>
    /// <param name="x">Finite values.</param>
    public static unsafe double Of(Tensor x)
    {
        if (!TensorMemory.Fits(x)) return Twin(x);
        float greatest = 0;
        Passes.RunHere(new Pass(TensorMemory.Pointer(x), &greatest), x.numel());
        GC.KeepAlive(x);
        return greatest;
    }

    internal static double Twin(Tensor x)
    {
        using var scope = NewDisposeScope();
        var steps = 255 * x;
        return (steps - (steps + 0.5).floor()).abs().max().to(float64).item<double>();
    }

    private readonly unsafe struct Pass(float* x, float* greatest) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var most = T.Broadcast(0);
            for (long i = start; i < end; i += T.Count)
            {
                var steps = T.Load(x + i) * T.Broadcast(255);
                most = T.Max(most, T.Abs(steps - T.Round(steps)));
            }
            *greatest = MathF.Max(*greatest, T.Greatest(most));
        }
    }
}
