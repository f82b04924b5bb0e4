using System.Runtime.CompilerServices;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>What dropout multiplies with: 0 at random, and 1/(1 − rate) otherwise (Srivastava et al. 2014, section 10).</summary>
internal static unsafe class DropoutMask
{
    /// <summary>Draws a mask, of the same values as <see cref="Networks.Dropout"/> draws through libtorch.</summary>
    public static void Draw(float* mask, long count, double rate, torch.Generator generator)
    {
        Uniforms.Fill(mask, count, generator);
        Passes.Run(new Threshold(mask, (float)rate, (float)(1 / (1 - rate))), count);
    }

    /// <summary>target ← values·mask; the two may be the same.</summary>
    public static void Apply(float* values, float* mask, float* target, long count) => Passes.Run(new Product(values, mask, target), count);

    private readonly struct Threshold(float* mask, float rate, float kept) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public float Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (threshold, zero, scale) = (T.Broadcast(rate), T.Broadcast(0), T.Broadcast(kept));
            for (long i = start; i < end; i += T.Count) T.SelectLess(T.Load(mask + i), threshold, zero, scale).Store(mask + i);
            return 0;
        }
    }

    private readonly struct Product(float* values, float* mask, float* target) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public float Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            for (long i = start; i < end; i += T.Count) (T.Load(values + i) * T.Load(mask + i)).Store(target + i);
            return 0;
        }
    }
}
