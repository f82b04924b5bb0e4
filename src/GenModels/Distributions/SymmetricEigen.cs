using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>What is made of the eigenvalues of symmetric matrices.</summary>
internal static class SymmetricEigen
{
    /// <summary>The nearest matrix, in the Frobenius norm, whose eigenvalues are all at least <paramref name="least"/>.</summary>
    public static double[,] Raise(double[,] matrix, double least)
    {
        using var scope = NewDisposeScope();
        int n = matrix.GetLength(0);
        double[] raised = Map(tensor(matrix), values => values.clamp(min: least)).contiguous().data<double>().ToArray();
        var result = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++) result[i, j] = result[j, i] = raised[i * n + j];
        return result;
    }

    /// <summary>The square root of a positive semi-definite matrix; eigenvalues that rounding has left below 0 count as 0.</summary>
    public static Tensor SquareRoot(Tensor matrix) => Map(matrix, values => values.clamp(min: 0).sqrt());

    private static Tensor Map(Tensor matrix, Func<Tensor, Tensor> map)
    {
        using var scope = NewDisposeScope();
        var (values, vectors) = linalg.eigh(matrix);
        return (vectors * map(values)).matmul(vectors.t()).MoveToOuterDisposeScope();
    }
}
