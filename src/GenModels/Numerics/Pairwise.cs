using static TorchSharp.torch;

namespace GenModels.Numerics;

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

    /// <summary>Squared Euclidean distances [n, m] between the rows of a and those of b; those that rounding can't tell from 0 are 0.</summary>
    public static Tensor SquaredDistances(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        // ‖a‖² + ‖b‖² − 2ab loses what is below this share of the norms.
        const double unresolved = 1e-13;
        var distances = a.square().sum(1).unsqueeze(1) + b.square().sum(1).unsqueeze(0);
        distances.mul_(1 - unresolved);
        distances.addmm_(a, b.t(), beta: 1, alpha: -2);
        distances.clamp_(min: 0);
        return distances.MoveToOuterDisposeScope();
    }
}
