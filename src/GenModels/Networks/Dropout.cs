using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Sets values to 0 at random while it trains, and scales the others so that the mean stays (Srivastava et al. 2014).</summary>
/// <remarks>Unlike torch's dropout it draws from a generator of its own, so that a seed repeats a run.</remarks>
public sealed class Dropout : nn.Module<Tensor, Tensor>
{
    /// <summary>Makes a layer.</summary>
    /// <param name="rate">The probability of a 0, in [0, 1).</param>
    /// <param name="generator">The source of what is dropped; layers may share one, from which they draw in turn.</param>
    public Dropout(double rate, RandomGenerator generator) : base(nameof(Dropout))
    {
        Rate = Guard.InHalfOpen(rate, 0, 1);
        Generator = Guard.NotNull(generator);
    }

    /// <summary>The probability of a 0.</summary>
    public double Rate { get; }

    internal RandomGenerator Generator { get; }

    internal bool Drops => training && Rate > 0;

    /// <summary>The input with values dropped in training, and the input itself otherwise.</summary>
    /// <param name="input">Any shape.</param>
    /// <returns>The shape of the input.</returns>
    public override Tensor forward(Tensor input)
    {
        if (!Drops) return input.alias();
        using var scope = NewDisposeScope();
        // Drawn on the CPU wherever the network lives, so that a seed means the same everywhere.
        return (input * Mask(input.shape).to(input.dtype).to(input.device)).MoveToOuterDisposeScope();
    }

    /// <summary>What values are multiplied with: 0 with the probability of the rate, and 1/(1 − rate) otherwise.</summary>
    internal unsafe void DrawMask(float* mask, long count) => Generator.FillChoice(mask, count, Rate, 0, (float)(1 / (1 - Rate)));

    private unsafe Tensor Mask(long[] shape)
    {
        var mask = empty(shape, float32);
        if (mask.numel() > 0) DrawMask(TensorMemory.Pointer(mask), mask.numel());
        return mask;
    }
}
