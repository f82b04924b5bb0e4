using GenModels.Numerics;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
/// <remarks>
/// They come from SplitMix64, seeded with one draw of the caller's generator, since a draw of libtorch's generator for each takes a quarter of
/// a small model's step. Its numbers depend on their place alone, so the threads may share the work.
/// </remarks>
internal static unsafe class Uniforms
{
    // A number of the source gives two floats, and a float holds 24 bits.
    private const int UnusedBits = 32 - 24;
    private const float Unit = 1f / (1 << 24);

    /// <summary>A tensor of single precision in the CPU's memory.</summary>
    public static torch.Tensor Draw(long[] shape, torch.Generator generator)
    {
        var drawn = torch.empty(shape, torch.float32);
        Fill(TensorMemory.Pointer(drawn), drawn.numel(), generator);
        return drawn;
    }

    public static void Fill(float* target, long count, torch.Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        ulong seed = BitConverter.DoubleToUInt64Bits(torch.rand(1, dtype: torch.float64, generator: generator).item<double>());
        ThreadTeam.Run(new Work(target, count, seed), Passes.Threads(count));
    }

    private readonly struct Work(float* target, long count, ulong seed) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            long pairs = (count + 1) / 2, pair = pairs * part / parts, end = pairs * (part + 1) / parts;
            ulong state = Xoshiro256.SplitMix64StateAt(seed, pair);
            for (; pair < end; pair++)
            {
                ulong bits = Xoshiro256.SplitMix64(ref state);
                target[2 * pair] = OfBits((uint)bits);
                if (2 * pair + 1 < count) target[2 * pair + 1] = OfBits((uint)(bits >> 32));
            }
        }

        private static float OfBits(uint bits) => (int)(bits >> UnusedBits) * Unit;
    }
}
