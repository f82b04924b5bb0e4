using GenModels.Data;
using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public class TableComparisonTests
{
    private sealed record Reference(
        string Real, string Generated, double[][] KolmogorovSmirnov, double[] JensenShannon, double MeanCorrelationDifference,
        double LargestCorrelationDifference, double[][] Survival);

    private static readonly Reference Expected = ReferenceFile.Read<Reference>("table_measures.json.gz");

    [Fact]
    public void Every_measure_is_that_of_SciPy()
    {
        var comparison = TableComparison.Of(Parse(Expected.Real), Parse(Expected.Generated));
        comparison.Columns.Select(c => c.Name).Should().Equal("a", "b", "c", "d");
        comparison.Columns.Select(c => c.KolmogorovSmirnov.Statistic).Should().Equal(Expected.KolmogorovSmirnov.Select(k => k[0]), Near);
        comparison.Columns.Select(c => c.KolmogorovSmirnov.PValue).Should().Equal(Expected.KolmogorovSmirnov.Select(k => k[1]), Near);
        comparison.Columns.Select(c => c.JensenShannon).Should().Equal(Expected.JensenShannon, Near);
        comparison.MeanCorrelationDifference.Should().BeApproximately(Expected.MeanCorrelationDifference, 1e-12);
        comparison.LargestCorrelationDifference.Should().BeApproximately(Expected.LargestCorrelationDifference, 1e-12);
        comparison.MeanJensenShannon.Should().BeApproximately(Expected.JensenShannon.Average(), 1e-12);
        comparison.MeanKolmogorovSmirnov.Should().BeApproximately(Expected.KolmogorovSmirnov.Average(k => k[0]), 1e-12);
    }

    [Fact]
    public void The_limiting_distribution_is_that_of_SciPy_on_both_sides_of_the_switch()
    {
        foreach (double[] pair in Expected.Survival) KolmogorovSmirnov.Survival(pair[0]).Should().BeApproximately(pair[1], 1e-14 + 1e-12 * pair[1]);
        KolmogorovSmirnov.Survival(0).Should().Be(1);
        KolmogorovSmirnov.Survival(20).Should().BeApproximately(0, 1e-300);
    }

    [Fact]
    public void Equal_and_disjoint_tables_are_at_the_ends_of_every_scale()
    {
        var table = Parse(Expected.Real);
        var same = TableComparison.Of(table, table);
        same.Columns.Should().OnlyContain(c => c.JensenShannon == 0 && c.KolmogorovSmirnov == new KolmogorovSmirnov(0, 1));
        same.LargestCorrelationDifference.Should().Be(0);

        var apart = TableComparison.Of(Parse("x\n1\n2\n3\n"), Parse("x\n7\n8\n"));
        apart.Columns[0].KolmogorovSmirnov.Statistic.Should().Be(1);
        // All the generated values lie from the last end up, where one real value in three lies.
        double third = 1.0 / 3, middle = (1 + third) / 2;
        apart.Columns[0].JensenShannon.Should().BeApproximately(
            0.5 * (2 * third * Math.Log(2) + third * Math.Log(third / middle)) + 0.5 * Math.Log(1 / middle), 1e-12);
        apart.MeanCorrelationDifference.Should().Be(0, "a single column has no pairs");
    }

    [Fact]
    public void A_constant_column_has_no_correlation()
    {
        var comparison = TableComparison.Of(Parse("x,y\n1,1\n2,2\n3,3\n"), Parse("x,y\n1,5\n2,5\n4,5\n"));
        comparison.LargestCorrelationDifference.Should().BeApproximately(1, 1e-12);
    }

    [Fact]
    public void Other_columns_and_empty_samples_are_named()
    {
        var other = () => TableComparison.Of(Parse("x\n1\n"), Parse("y\n1\n"));
        other.Should().Throw<ArgumentException>().WithMessage("*columns y, expected x*");
        var empty = () => KolmogorovSmirnov.Of([], [1]);
        empty.Should().Throw<ArgumentException>().WithParameterName("a");
        var nan = () => KolmogorovSmirnov.Of([1], [double.NaN]);
        nan.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*b[0]*");
    }

    private static bool Near(double actual, double expected) => Math.Abs(actual - expected) <= 1e-12;

    private static CsvTable Parse(string text)
    {
        using var reader = new StringReader(text);
        return CsvTable.Parse(reader, "table");
    }
}
