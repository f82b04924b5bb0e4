namespace GenModels.Distributions;

/// <summary>The lower triangular L with positive diagonal for which L·Lᵀ is a symmetric positive definite matrix.</summary>
internal static class Cholesky
{
    /// <summary>L, or null where the matrix is not positive definite. Reads the lower triangle only.</summary>
    public static double[,]? Lower(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var lower = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
            {
                double rest = matrix[i, j];
                for (int k = 0; k < j; k++) rest -= lower[i, k] * lower[j, k];
                if (i > j) lower[i, j] = rest / lower[j, j];
                else if (rest > 0 && double.IsFinite(rest)) lower[i, i] = Math.Sqrt(rest);
                else return null;
            }
        return lower;
    }

    /// <summary>L⁻¹.</summary>
    public static double[,] Inverse(double[,] lower)
    {
        int n = lower.GetLength(0);
        var inverse = new double[n, n];
        for (int column = 0; column < n; column++)
            for (int i = column; i < n; i++)
            {
                double rest = i == column ? 1 : 0;
                for (int k = column; k < i; k++) rest -= lower[i, k] * inverse[k, column];
                inverse[i, column] = rest / lower[i, i];
            }
        return inverse;
    }
}
