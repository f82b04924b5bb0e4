using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Draws of Bernoulli distributions: 1 with the probability x, otherwise 0.</summary>
/// <remarks>
/// The bits come from SplitMix64, seeded with one draw of the caller's generator, since a uniform number for each pixel from libtorch's
/// generator takes a quarter of a small model's step. They are drawn on the CPU wherever x lives, so that a seed means the same everywhere.
/// </remarks>
internal static class Binarization
{
    // A float has 24 bits: u = bits·2⁻²⁴ lies in [0, 1), so that x = 0 never gives a 1 and x = 1 always does.
    private const int Unused = 32 - 24;
    private const float Unit = 1f / (1 << 24);

    /// <summary>A tensor of zeros and ones.</summary>
    /// <param name="probabilities">x, any shape, single precision, values in [0, 1].</param>
    /// <param name="generator">The source of the draws.</param>
    public static Tensor Draw(Tensor probabilities, Generator generator)
    {
        using var scope = NewDisposeScope();
        ulong state = BitConverter.DoubleToUInt64Bits(rand(1, dtype: float64, generator: generator).item<double>());
        var x = probabilities.cpu().contiguous();
        var drawn = empty_like(x);
        Fill(TensorMemory.Floats(x), TensorMemory.Floats(drawn), state);
        return drawn.to(probabilities.device).MoveToOuterDisposeScope();
    }

    private static void Fill(ReadOnlySpan<float> probabilities, Span<float> drawn, ulong state)
    {
        int i = 0;
        for (; i < probabilities.Length - 1; i += 2)
        {
            ulong bits = Xoshiro256.SplitMix64(ref state);
            drawn[i] = One((uint)bits, probabilities[i]);
            drawn[i + 1] = One((uint)(bits >> 32), probabilities[i + 1]);
        }
        if (i < probabilities.Length) drawn[i] = One((uint)Xoshiro256.SplitMix64(ref state), probabilities[i]);
    }

    private static float One(uint bits, float probability) => (bits >> Unused) * Unit < probability ? 1 : 0;
}
