namespace GenModels.Data;

/// <summary>The shape of one example and the number of values in it, with the checks that every source shares.</summary>
internal sealed class ExampleLayout
{
    /// <summary>Checks a shape: at least one dimension, each at least 1, and a product that fits an array.</summary>
    /// <exception cref="ArgumentException">The shape breaks one of these rules.</exception>
    public ExampleLayout(long[] shape, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(shape, parameterName);
        if (shape.Length == 0)
            throw new ArgumentException("The shape of an example is empty, expected at least one dimension, such as [2] or [1, 28, 28].", parameterName);
        var length = 1L;
        foreach (var size in shape)
        {
            if (size < 1 || size > Array.MaxLength / length)
            {
                throw new ArgumentException(
                    $"The shape of an example is {Describe(shape)}, expected dimensions of at least 1 with a product of at most {Array.MaxLength}.",
                    parameterName);
            }
            length *= size;
        }
        Shape = Array.AsReadOnly((long[])shape.Clone());
        Length = (int)length;
    }

    public IReadOnlyList<long> Shape { get; }

    public int Length { get; }

    public static string Describe(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>Accepts the index of one of some examples.</summary>
    public static int CheckIndex(int count, int index, string parameterName = "index") => (uint)index < (uint)count
        ? index
        : throw new ArgumentOutOfRangeException(parameterName, $"The index is {Guard.Text(index)}, expected a value in [0, {count}).");

    public void CheckGather(int count, ReadOnlySpan<int> indices, Span<float> destination)
    {
        for (var i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), $"Index {i} of the batch is {Guard.Text(indices[i])}, expected an example's index in [0, {count}).");
            }
        }
        var expected = (long)indices.Length * Length;
        if (destination.Length != expected)
        {
            throw new ArgumentException(
                $"The destination holds {destination.Length} values, expected {expected}, for {indices.Length} examples of shape {Describe(Shape)}.",
                nameof(destination));
        }
    }
}
