namespace GenModels.Data;

/// <summary>Examples in an array of floats: the way to bring data of one's own.</summary>
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
