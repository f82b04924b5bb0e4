using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>What dropout multiplies with: 0 at random, and 1/(1 − rate) otherwise (Srivastava et al. 2014, section 10).</summary>
internal static unsafe class DropoutMask
{
    /// <summary>target ← values·mask; the two may be the same.</summary>
    public static void Apply(float* values, float* mask, float* target, long count) => Passes.Run(new Product(values, mask, target), count);

    private readonly struct Product(float* values, float* mask, float* target) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            for (long i = start; i < end; i += T.Count) (T.Load(values + i) * T.Load(mask + i)).Store(target + i);
        }
    }
}
