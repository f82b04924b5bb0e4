using GenModels.Kernels;
using GenModels.Randomness;
using static TorchSharp.torch;

namespace GenModels;

// Draws that are tensors.
public sealed partial class RandomGenerator
{
    /// <summary>Uniform numbers in [0, 1): multiples of 2⁻²⁴ in single and of 2⁻⁵³ in double precision.</summary>
    /// <param name="shape">The tensor's shape; its first dimension counts the rows.</param>
    /// <param name="type">Single or double precision.</param>
    /// <param name="firstRow">The tensor's first row within the call, at least 0: more than 0 for a shard of a call.</param>
    /// <returns>A tensor in the CPU's memory and in the present dispose scope; the caller moves it to a device.</returns>
    /// <exception cref="ArgumentException">The shape has a negative dimension or too many elements, or the type is another one.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstRow"/> is negative.</exception>
    public Tensor Uniform(long[] shape, ScalarType type = ScalarType.Float32, long firstRow = 0) => type == ScalarType.Float64
        ? DoubleTensor(Uniforms, shape, firstRow)
        : SingleTensor(new UniformTransform(), shape, type, firstRow);

    /// <summary>
    /// Standard normal numbers, by the transform of Box and Muller (1958): at most 6.66 away from 0 in single and 8.6 in double precision.
    /// </summary>
    /// <inheritdoc cref="Uniform"/>
    public Tensor Normal(long[] shape, ScalarType type = ScalarType.Float32, long firstRow = 0) => type == ScalarType.Float64
        ? DoubleTensor(Normals, shape, firstRow)
        : SingleTensor(new NormalTransform(), shape, type, firstRow);

    /// <summary>Ones with a probability, otherwise zeros, in single precision.</summary>
    /// <param name="shape">The tensor's shape; its first dimension counts the rows.</param>
    /// <param name="probability">That of a 1, in [0, 1], of which multiples of 2⁻²⁴ are met exactly.</param>
    /// <param name="firstRow">The tensor's first row within the call, at least 0: more than 0 for a shard of a call.</param>
    /// <returns>A tensor in the CPU's memory and in the present dispose scope; the caller moves it to a device.</returns>
    /// <exception cref="ArgumentException">The shape has a negative dimension or too many elements.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability lies outside [0, 1], or <paramref name="firstRow"/> is negative.</exception>
    public Tensor Bernoulli(long[] shape, double probability, long firstRow = 0) =>
        SingleTensor(new ChoiceTransform((float)Guard.Within(probability, 0, 1), 1, 0), shape, ScalarType.Float32, firstRow);

    private delegate void DoubleFill(Span<double> target, RandomCall call, long first);

    private unsafe Tensor SingleTensor<TTransform>(TTransform transform, long[] shape, ScalarType type, long firstRow)
        where TTransform : struct, IWordTransform
    {
        if (type != ScalarType.Float32)
            throw new ArgumentException($"The type is {type}, expected Float32 or Float64: draw one of them, and convert it by .to(type).", nameof(type));
        var (count, first) = Places(shape, firstRow);
        var drawn = empty(shape, float32);
        float* target = count == 0 ? null : TensorMemory.Pointer(drawn);
        RandomFill.Run(transform, NextCallForRows(), first, target, count);
        return drawn;
    }

    private unsafe Tensor DoubleTensor(DoubleFill fill, long[] shape, long firstRow)
    {
        var (count, first) = Places(shape, firstRow);
        var drawn = empty(shape, float64);
        if (count > int.MaxValue)
            throw new ArgumentException($"The shape is {Guard.Shape(shape)}, expected at most {int.MaxValue} numbers in double precision: draw them in parts.", nameof(shape));
        fill(count == 0 ? [] : new Span<double>(TensorMemory.Doubles(drawn), (int)count), NextCallForRows(), first);
        return drawn;
    }

    /// <summary>How many numbers a tensor has, and the place of its first within a call.</summary>
    private (long Count, long First) Places(long[] shape, long firstRow)
    {
        firstRow = Guard.AtLeast(firstRow, 0) + FirstRow;
        Int128 count = 1, size = 1;
        for (int i = 0; i < Guard.NotNull(shape).Length; i++)
        {
            if (shape[i] < 0)
                throw new ArgumentException($"The shape is {Guard.Shape(shape)}, expected dimensions that are 0 or more.", nameof(shape));
            count *= shape[i];
            if (i > 0) size *= shape[i];
            if (count > long.MaxValue || size > long.MaxValue || size * firstRow > long.MaxValue - count)
                throw new ArgumentException(
                    $"The shape is {Guard.Shape(shape)} from row {Guard.Text(firstRow)} on, expected fewer than 2⁶³ elements in all.", nameof(shape));
        }
        return ((long)count, (long)(size * firstRow));
    }
}
