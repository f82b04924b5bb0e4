using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>Points of a feature space, checked and in double precision, in which measures compare them.</summary>
internal static class FeatureMatrix
{
    /// <summary>How many distances or kernel values are held at once.</summary>
    private const long BlockElements = 4_000_000;

    /// <summary>A matrix [n, d] of finite values with enough rows, in double precision on the CPU. It belongs to the open scope.</summary>
    public static Tensor Checked(Tensor features, string name, long leastRows = 1)
    {
        ArgumentNullException.ThrowIfNull(features, name);
        if (features.ndim != 2 || !features.is_floating_point() || features.shape[0] < leastRows || features.shape[1] == 0)
            throw new ArgumentException(
                $"{name} has the shape {Guard.Shape(features.shape)} and the type {features.dtype}, expected floating points [n, features] with n at least {leastRows}.", name);
        var values = features.detach().cpu().to(float64).contiguous();
        if (!values.isfinite().all().item<bool>())
            throw new ArgumentException($"{name} has values that are NaN or infinite, expected finite ones.", name);
        return values;
    }

    /// <summary>Such a matrix with as many features as another has.</summary>
    public static Tensor Checked(Tensor features, Tensor other, string name, long leastRows = 1)
    {
        var values = Checked(features, name, leastRows);
        if (values.shape[1] == other.shape[1]) return values;
        throw new ArgumentException($"{name} has {values.shape[1]} features where the other set has {other.shape[1]}, expected the same number.", name);
    }

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
        var norms = a.square().sum(1).unsqueeze(1) + b.square().sum(1).unsqueeze(0);
        var distances = norms.mul_(1 - unresolved).addmm_(a, b.t(), beta: 1, alpha: -2);
        return distances.clamp_(min: 0).MoveToOuterDisposeScope();
    }
}
