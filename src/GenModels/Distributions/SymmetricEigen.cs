namespace GenModels.Distributions;

/// <summary>Eigenvalues of symmetric matrices, by cyclic Jacobi rotations (Golub and Van Loan, <i>Matrix Computations</i>, section 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MaximumSweeps = 60;

    /// <summary>The nearest matrix, in the Frobenius norm, whose eigenvalues are all at least <paramref name="least"/>.</summary>
    public static double[,] Raise(double[,] matrix, double least)
    {
        var (values, vectors) = Decompose(matrix);
        int n = values.Length;
        var raised = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++) sum += Math.Max(values[k], least) * vectors[i, k] * vectors[j, k];
                raised[i, j] = raised[j, i] = sum;
            }
        return raised;
    }

    /// <summary>Eigenvalues, in no order, and unit eigenvectors as columns.</summary>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var vectors = new double[n, n];
        for (int i = 0; i < n; i++) vectors[i, i] = 1;
        for (int sweep = 0; sweep < MaximumSweeps && !IsDiagonal(a); sweep++)
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++) Rotate(a, vectors, p, q);
        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0) return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
        for (int k = 0; k < a.GetLength(0); k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (int k = 0; k < a.GetLength(0); k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (int k = 0; k < a.GetLength(0); k++)
            (vectors[k, p], vectors[k, q]) = (c * vectors[k, p] - s * vectors[k, q], s * vectors[k, p] + c * vectors[k, q]);
        a[p, q] = a[q, p] = 0;
    }

    private static bool IsDiagonal(double[,] a)
    {
        for (int p = 0; p < a.GetLength(0); p++)
            for (int q = p + 1; q < a.GetLength(0); q++)
                if (Math.Abs(a[p, q]) > 1e-18 * (Math.Abs(a[p, p]) + Math.Abs(a[q, q]))) return false;
        return true;
    }
}
