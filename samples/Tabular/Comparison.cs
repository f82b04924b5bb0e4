using GenModels.Evaluation;

namespace GenModels.Samples;

/// <summary>Prints how alike tables are, beside what real rows score against other real rows.</summary>
internal static class Comparison
{
    public static void Print(TableComparison generated, TableComparison real)
    {
        Console.WriteLine($"{"against held-out rows",-24}{"KS",8}{"p",8}{"JS",8}   {"real KS",8}{"JS",8}");
        foreach (var (column, other) in generated.Columns.Zip(real.Columns))
            Console.WriteLine(
                $"{column.Name,-24}{column.KolmogorovSmirnov.Statistic,8:F3}{column.KolmogorovSmirnov.PValue,8:F3}{column.JensenShannon,8:F3}   " +
                $"{other.KolmogorovSmirnov.Statistic,8:F3}{other.JensenShannon,8:F3}");
        Console.WriteLine($"correlations differ by {generated.MeanCorrelationDifference:F3} on average, those of real rows by {real.MeanCorrelationDifference:F3}");
    }
}
