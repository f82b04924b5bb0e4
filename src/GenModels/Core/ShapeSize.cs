namespace GenModels;

internal static class ShapeSize
{
    /// <summary>The number of values in a tensor of a shape.</summary>
    public static long Size(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
