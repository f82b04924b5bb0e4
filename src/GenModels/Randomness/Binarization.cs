using System.Runtime.CompilerServices;
using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Randomness;

/// <summary>Draws of Bernoulli distributions: 1 with the probability x, otherwise 0.</summary>
/// <remarks>They are drawn on the CPU wherever x lives, so that a seed means the same everywhere.</remarks>
internal static class Binarization
{
    /// <summary>A tensor of zeros and ones.</summary>
    /// <param name="probabilities">x, any shape, single precision, values in [0, 1].</param>
    /// <param name="generator">The source of the draws.</param>
    public static Tensor Draw(Tensor probabilities, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        var x = probabilities.cpu().contiguous();
        var drawn = empty_like(x);
        Fill(x, drawn, generator);
        return drawn.to(probabilities.device).MoveToOuterDisposeScope();
    }

    private static unsafe void Fill(Tensor probabilities, Tensor drawn, RandomGenerator generator)
    {
        long count = drawn.numel();
        if (count == 0) return;
        float* values = TensorMemory.Pointer(drawn);
        generator.FillUniform(values, count, generator.FirstRow * (count / drawn.shape[0]));
        Passes.Run(new Pass(TensorMemory.Pointer(probabilities), values), count);
        GC.KeepAlive(probabilities);
    }

    // A uniform number below 1 and never below 0: x = 0 never gives a 1, and x = 1 always does.
    private readonly unsafe struct Pass(float* probabilities, float* values) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (zero, one) = (T.Broadcast(0), T.Broadcast(1));
            for (long i = start; i < end; i += T.Count) T.SelectLess(T.Load(values + i), T.Load(probabilities + i), one, zero).Store(values + i);
        }
    }
}
