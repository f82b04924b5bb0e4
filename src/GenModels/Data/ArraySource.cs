using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>
/// Examples in an array of floats: the way to bring data of one's own. <see cref="ExampleSourceExtensions.WithLabels"/> and WithConditions add what
/// the examples are.
/// </summary>
public sealed class ArraySource : IExampleSource
{
    private readonly float[] _values;
    private readonly ExampleLayout _layout;

    /// <summary>Makes a source over <paramref name="values"/>, which is kept and not copied.</summary>
    /// <param name="values">The examples, one after the other; every value is finite.</param>
    /// <param name="exampleShape">The shape of one example, such as [2] or [1, 28, 28].</param>
    /// <exception cref="ArgumentException">
    /// The shape isn't positive, the array is empty or no whole number of examples, or a value is not finite.
    /// </exception>
    public ArraySource(float[] values, params long[] exampleShape)
    {
        ArgumentNullException.ThrowIfNull(values);
        _layout = new ExampleLayout(exampleShape, nameof(exampleShape));
        if (values.Length == 0 || values.Length % _layout.Length != 0)
        {
            throw new ArgumentException(
                $"There are {values.Length} values, expected a positive multiple of {_layout.Length}, for examples of shape {ExampleLayout.Describe(exampleShape)}.",
                nameof(values));
        }
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Value {i % _layout.Length} of example {i / _layout.Length} is {values[i]}, expected a finite number."),
                    nameof(values));
            }
        }
        _values = values;
    }

    /// <summary>Makes a source of rows, each an example of shape [columns].</summary>
    /// <param name="rows">At least one row of finite values, which are copied.</param>
    /// <exception cref="ArgumentException">There are no values, or one is not finite.</exception>
    public static ArraySource Of(float[,] rows)
    {
        Guard.NotNull(rows);
        ref float first = ref Unsafe.As<byte, float>(ref MemoryMarshal.GetArrayDataReference(rows));
        return new(MemoryMarshal.CreateReadOnlySpan(ref first, rows.Length).ToArray(), rows.GetLength(1));
    }

    /// <summary>Makes a source of examples that are an array each.</summary>
    /// <param name="examples">At least one example, all of the same number of finite values, which are copied.</param>
    /// <param name="exampleShape">The shape of one example; [values] where none is given.</param>
    /// <exception cref="ArgumentException">There are no examples, one has another number of values than the first, or a value is not finite.</exception>
    public static ArraySource Of(IReadOnlyList<float[]> examples, params long[] exampleShape)
    {
        ArgumentNullException.ThrowIfNull(exampleShape);
        if (Guard.NotNull(examples).Count == 0) throw new ArgumentException("There are no examples, expected at least one.", nameof(examples));
        for (int i = 0; i < examples.Count; i++)
        {
            if (examples[i]?.Length != examples[0]?.Length || examples[i] is null)
                throw new ArgumentException(
                    $"Example {i} has {examples[i]?.Length ?? 0} values, expected {examples[0]?.Length ?? 0}, as the first has.", nameof(examples));
        }
        return new(examples.SelectMany(example => example).ToArray(), exampleShape.Length > 0 ? exampleShape : [examples[0].Length]);
    }

    /// <summary>Makes a source of a tensor's values, in single precision.</summary>
    /// <param name="examples">Shape [n, example shape], of any floating type, on any device. The values are copied, and are finite in single precision.</param>
    /// <exception cref="ArgumentException">The shape or the type is another, or a value is not finite.</exception>
    public static ArraySource Of(Tensor examples)
    {
        if (Guard.NotNull(examples).ndim < 2 || examples.numel() == 0)
            throw new ArgumentException($"The tensor has the shape {Guard.Shape(examples.shape)}, expected [examples, example shape] with at least one example.", nameof(examples));
        if (!examples.is_floating_point())
            throw new ArgumentException($"The tensor has the type {examples.dtype}, expected a floating type: convert it by .to(torch.float32), and scale what were bytes.", nameof(examples));
        using var scope = NewDisposeScope();
        return new(examples.detach().cpu().to(float32).contiguous().data<float>().ToArray(), examples.shape[1..]);
    }

    /// <inheritdoc/>
    public int Count => _values.Length / _layout.Length;

    /// <inheritdoc/>
    public IReadOnlyList<long> ExampleShape => _layout.Shape;

    /// <summary>All examples, one after the other.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        _layout.CheckGather(Count, indices, destination);
        var length = _layout.Length;
        for (var i = 0; i < indices.Length; i++)
            _values.AsSpan(indices[i] * length, length).CopyTo(destination.Slice(i * length, length));
    }
}
