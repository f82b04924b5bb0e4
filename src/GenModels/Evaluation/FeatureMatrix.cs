using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>Points of a feature space, checked and in double precision, in which measures compare them.</summary>
internal static class FeatureMatrix
{
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

    /// <summary>Some of the rows, every subset as likely as any other; all of them where there are not more.</summary>
    public static Tensor Subset(Tensor points, int size, RandomGenerator generator)
    {
        if (points.shape[0] <= size) return points;
        int[] order = generator.Permutation((int)points.shape[0]);
        return points.index_select(0, tensor(Array.ConvertAll(order[..size], row => (long)row)));
    }
}
