using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>What compares every point of one set with every point of another, in memory that does not grow with their product.</summary>
internal static class Pairwise
{
    /// <summary>How many values are held at once.</summary>
    private const long BlockElements = 4_000_000;

    /// <summary>Passes over the rows in blocks, so that a matrix of a block's rows by <paramref name="others"/> stays small.</summary>
    public static void Blocks(Tensor rows, long others, Action<long, Tensor> use)
    {
        long count = rows.shape[0], block = Math.Max(1, BlockElements / others);
        for (long start = 0; start < count; start += block)
        {
            using var scope = NewDisposeScope();
            use(start, rows.narrow(0, start, Math.Min(block, count - start)));
        }
    }

    /// <summary>
    /// Squared Euclidean distances [n, m] between the rows of a [n, d] and those of b [m, d], in double precision on the CPU: exactly 0 for equal
    /// rows and, where the squares can be added without rounding, exact.
    /// </summary>
    public static unsafe Tensor SquaredDistances(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (rows, others) = (a.contiguous(), b.contiguous());
        var distances = empty([a.shape[0], b.shape[0]], dtype: float64);
        SquaredDistance.Fill(
            TensorMemory.Doubles(rows), a.shape[0], TensorMemory.Doubles(others), b.shape[0], a.shape[1], TensorMemory.Doubles(distances));
        GC.KeepAlive(rows);
        GC.KeepAlive(others);
        return distances.MoveToOuterDisposeScope();
    }
}
