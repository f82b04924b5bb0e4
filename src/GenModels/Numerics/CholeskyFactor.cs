namespace GenModels.Numerics;

/// <summary>The lower triangular L with positive diagonal for which L·Lᵀ is a given symmetric positive definite matrix.</summary>
internal sealed class CholeskyFactor
{
    private readonly double[,] _lower;

    private CholeskyFactor(double[,] lower) => _lower = lower;

    public int Size => _lower.GetLength(0);

    public double this[int row, int column] => _lower[row, column];

    /// <summary>Returns null where the matrix is not positive definite. Reads the lower triangle only.</summary>
    public static CholeskyFactor? Of(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var lower = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = matrix[i, j];
                for (int k = 0; k < j; k++) rest -= lower[i, k] * lower[j, k];
                if (i > j) lower[i, j] = rest / lower[j, j];
                else if (rest > 0 && double.IsFinite(rest)) lower[i, i] = Math.Sqrt(rest);
                else return null;
            }
        }
        return new(lower);
    }

    /// <summary>The factor of diag σ², from σ itself, whose square may be no double.</summary>
    public static CholeskyFactor Diagonal(IReadOnlyList<double> deviations)
    {
        var lower = new double[deviations.Count, deviations.Count];
        for (int i = 0; i < deviations.Count; i++) lower[i, i] = deviations[i];
        return new(lower);
    }

    /// <summary>x of L·x = right.</summary>
    public double[] Solve(ReadOnlySpan<double> right)
    {
        var x = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            double rest = right[i];
            for (int k = 0; k < i; k++) rest -= _lower[i, k] * x[k];
            x[i] = rest / _lower[i, i];
        }
        return x;
    }

    /// <summary>L⁻¹.</summary>
    public double[,] Inverse()
    {
        var inverse = new double[Size, Size];
        for (int column = 0; column < Size; column++)
        {
            var unit = new double[Size];
            unit[column] = 1;
            double[] x = Solve(unit);
            for (int i = column; i < Size; i++) inverse[i, column] = x[i];
        }
        return inverse;
    }

    /// <summary>L·x.</summary>
    public double[] Multiply(ReadOnlySpan<double> x)
    {
        var product = new double[Size];
        for (int i = 0; i < Size; i++)
        {
            for (int k = 0; k <= i; k++) product[i] += _lower[i, k] * x[k];
        }
        return product;
    }

    public double[] Column(int column)
    {
        var values = new double[Size];
        for (int i = 0; i < Size; i++) values[i] = _lower[i, column];
        return values;
    }
}
