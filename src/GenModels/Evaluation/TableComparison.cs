using GenModels.Data;
using GenModels.Divergences;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>A generated table beside the real one: each column on its own, and how columns hang together in pairs.</summary>
/// <param name="Columns">Each column's distribution.</param>
/// <param name="MeanCorrelationDifference">|r − r′| of Pearson's correlations, the mean over all pairs of columns, in [0, 2]; 0 for a single column.</param>
/// <param name="LargestCorrelationDifference">The largest over all pairs.</param>
public sealed record TableComparison(
    IReadOnlyList<ColumnComparison> Columns, double MeanCorrelationDifference, double LargestCorrelationDifference)
{
    private const int Bins = 20;

    /// <summary>D of Kolmogorov and Smirnov, the mean over the columns.</summary>
    public double MeanKolmogorovSmirnov => Columns.Average(c => c.KolmogorovSmirnov.Statistic);

    /// <summary>The Jensen-Shannon divergence in nats, the mean over the columns.</summary>
    public double MeanJensenShannon => Columns.Average(c => c.JensenShannon);

    /// <summary>The means over the columns in a line; <see cref="Columns"/> has each.</summary>
    public override string ToString() =>
        $"{Guard.Text(Columns.Count)} columns: D {FigureText.Short(MeanKolmogorovSmirnov)} and JS {FigureText.Short(MeanJensenShannon)} nats on average, " +
        $"correlations off by {FigureText.Short(MeanCorrelationDifference)}, at most {FigureText.Short(LargestCorrelationDifference)}";

    /// <summary>Compares two tables with the same columns.</summary>
    /// <param name="real">The data; rows that the generator has not seen, if it is to be told from copying.</param>
    /// <param name="generated">What was generated, with any number of rows.</param>
    /// <exception cref="ArgumentException">The columns have other names.</exception>
    /// <remarks>A constant column has no correlation with any other; it counts as 0.</remarks>
    public static TableComparison Of(CsvTable real, CsvTable generated)
    {
        Guard.NotNull(real);
        Guard.NotNull(generated);
        if (!real.Columns.SequenceEqual(generated.Columns))
            throw new ArgumentException(
                $"The generated table has the columns {string.Join(", ", generated.Columns)}, expected {string.Join(", ", real.Columns)}.", nameof(generated));
        var columns = real.Columns.Select((name, i) => Compare(name, real.Column(i), generated.Column(i))).ToArray();
        double[] differences = CorrelationDifferences(real, generated);
        return differences.Length == 0 ? new(columns, 0, 0) : new(columns, differences.Average(), differences.Max());
    }

    private static ColumnComparison Compare(string name, double[] real, double[] generated)
    {
        double[] sorted = [.. real.Order()];
        double[] ends = [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[(int)((long)i * sorted.Length / Bins)]).Distinct()];
        double divergence = Divergence.JensenShannon(Histogram(real, ends), Histogram(generated, ends), normalize: true);
        return new(name, KolmogorovSmirnov.Of(real, generated), divergence);
    }

    /// <summary>How many values lie below the first end, from one end up to the next, and from the last end up.</summary>
    private static double[] Histogram(double[] values, double[] ends)
    {
        var counts = new double[ends.Length + 1];
        foreach (double value in values)
        {
            int at = Array.BinarySearch(ends, value);
            counts[at >= 0 ? at + 1 : ~at]++;
        }
        return counts;
    }

    private static double[] CorrelationDifferences(CsvTable real, CsvTable generated)
    {
        using var scope = NewDisposeScope();
        int columns = real.Columns.Count;
        double[] differences = (Correlations(real) - Correlations(generated)).abs().data<double>().ToArray();
        return [.. Enumerable.Range(0, columns).SelectMany(i => Enumerable.Range(0, i).Select(j => differences[i * columns + j]))];
    }

    private static Tensor Correlations(CsvTable table)
    {
        using var scope = NewDisposeScope();
        using var values = table.ToTensor();
        var scaler = StandardScaler.Fit(values);
        var standard = (values - tensor([.. scaler.Means])) / tensor([.. scaler.Deviations]);
        return (standard.t().matmul(standard) / table.Rows).MoveToOuterDisposeScope();
    }
}
