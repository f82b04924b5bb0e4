using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GenModels.Data;
using GenModels.Reporting;

namespace GenModels.Tests.Reporting;

public sealed partial class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_line_chart_shows_its_texts_and_one_curve_per_series()
    {
        var chart = new LineChart { Title = "Loss", XLabel = "epoch", YLabel = "nats per example" };
        chart.Add("train", [1, 2, 3], [30, 20, 10]);
        chart.Add("test", [1, 2, 3], [31, 22, 13]);

        var svg = XDocument.Parse(chart.ToSvg());

        Texts(svg).Should().Contain(["Loss", "epoch", "nats per example", "train", "test", "10", "30"]);
        var curves = Curves(svg);
        curves.Should().HaveCount(2);
        var points = Points(curves[0]);
        points.Should().HaveCount(3);
        // Equal steps on paper for equal steps in value, rising to the right and, as the loss falls, down the page.
        (points[1].X - points[0].X).Should().BeApproximately(points[2].X - points[1].X, 0.11).And.BePositive();
        (points[1].Y - points[0].Y).Should().BeApproximately(points[2].Y - points[1].Y, 0.11).And.BePositive();
    }

    [Theory]
    [InlineData(3, "1 2 3")]
    [InlineData(3.5, "1 1.5 2 2.5 3 3.5")]
    public void Numbers_along_the_axis_of_epochs_are_whole(double last, string expected)
    {
        var chart = new LineChart();
        chart.Add("loss", [1, 2, last], [0.3, 0.2, 0.1]);
        Texts(XDocument.Parse(chart.ToSvg())).TakeWhile(text => text != "0.1").Should().Equal(expected.Split(' '));
    }

    [Fact]
    public void Values_without_a_place_leave_a_gap()
    {
        var chart = new LineChart();
        chart.Add("a", [1, 2, 3, 4, 5, 6, 7], [1, 2, double.NaN, 3, double.PositiveInfinity, 5, 6]);

        var curve = Curves(XDocument.Parse(chart.ToSvg())).Single();

        // Two points, a dot, two points.
        Regex.Replace(curve, "[^MLh]", "").Should().Be("MhLMhMhL");
        Points(curve).Should().HaveCount(5);
    }

    [Fact]
    public void A_logarithmic_axis_leaves_out_what_is_not_positive()
    {
        var chart = new LineChart { IsLogarithmic = true };
        chart.Add("a", [1, 2, 3, 4, 5], [1, 10, 100, 0, -5]);

        var points = Points(Curves(XDocument.Parse(chart.ToSvg())).Single());

        points.Should().HaveCount(3);
        (points[0].Y - points[1].Y).Should().BeApproximately(points[1].Y - points[2].Y, 0.11).And.BePositive();
    }

    [Fact]
    public void Text_is_escaped()
    {
        var chart = new LineChart { Title = "a < b & \"c\" > \u0001d\ud800" };
        chart.Add("<train>", [1], [1]);

        var texts = Texts(XDocument.Parse(chart.ToSvg()));

        texts.Should().Contain("a < b & \"c\" > \uFFFDd\uFFFD").And.Contain("<train>");
    }

    [Fact]
    public void Numbers_do_not_follow_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var chart = new LineChart();
        chart.Add("a", [0.25, 0.75], [-0.001, 0.002]);
        var expected = chart.ToSvg();
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = other;

            chart.ToSvg().Should().Be(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Charts_without_points_are_drawn_empty()
    {
        var nothing = new LineChart { IsLogarithmic = true };
        nothing.Add("a", [1, 2], [double.NaN, -1]);
        var noSeries = new LineChart();
        var noPoints = new ScatterChart();
        noPoints.Add("a", [float.NaN, 1]);

        foreach (var svg in new[] { nothing.ToSvg(), noSeries.ToSvg(), noPoints.ToSvg() })
            svg.Should().NotContain("NaN").And.NotContain("∞").And.NotContain("Infinity").And.Contain("<text");
    }

    [Fact]
    public void Many_curves_differ_in_colour_or_dashes()
    {
        var chart = new LineChart();
        for (var i = 0; i < 14; i++)
            chart.Add($"curve {i}", [1, 2], [i, i + 1]);

        XDocument.Parse(chart.ToSvg()).Descendants(Svg + "path").Where(path => path.Attribute("stroke-width") is not null && path.Attribute("transform") is null)
            .Select(path => (path.Attribute("stroke")?.Value, path.Attribute("stroke-dasharray")?.Value))
            .Should().OnlyHaveUniqueItems().And.HaveCount(14);
    }

    [Fact]
    public void A_scatter_charts_units_are_equally_long_along_both_axes()
    {
        var chart = new ScatterChart();
        chart.Add("a", [0, 0, 10, 0, 0, 1]);
        var stretched = new ScatterChart { HasEqualAspect = false };
        stretched.Add("a", [0, 0, 10, 0, 0, 1]);

        var equal = Points(Curves(XDocument.Parse(chart.ToSvg())).Single());
        var free = Points(Curves(XDocument.Parse(stretched.ToSvg())).Single());

        (equal[1].X - equal[0].X).Should().BeApproximately(10 * (equal[0].Y - equal[2].Y), 1.1);
        (free[1].X - free[0].X).Should().BeApproximately(free[0].Y - free[2].Y, 0.11);
    }

    [Fact]
    public void Points_that_are_not_finite_are_counted_in_the_legend()
    {
        var chart = new ScatterChart();
        chart.Add("a", [0, 0, float.NaN, 0, 0, float.NegativeInfinity, 1, 1]);

        var svg = XDocument.Parse(chart.ToSvg());

        Texts(svg).Should().Contain("a (2 not finite)");
        Points(Curves(svg).Single()).Should().HaveCount(2);
    }

    [Fact]
    public void Ten_thousand_points_make_a_small_file()
    {
        using var folder = new TemporaryFolder();
        var chart = new ScatterChart { Title = "ring" };
        chart.Add("data", GaussianMixture2D.Ring(standardDeviation: 0.1f).Sample(10_000, 1).Values);

        chart.Save(folder["new", "scatter.svg"]);

        new FileInfo(folder["new", "scatter.svg"]).Length.Should().BeInRange(100_000, 14 * 10_000);
        File.ReadAllText(folder["new", "scatter.svg"]).Should().Be(chart.ToSvg());
    }

    [Fact]
    public void Points_at_the_same_place_are_drawn_once()
    {
        var chart = new ScatterChart();
        chart.Add("a", [1, 1, 2, 2, 1, 1]);

        Points(Curves(XDocument.Parse(chart.ToSvg())).Single()).Should().HaveCount(2);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Parameter(() => new LineChart().Add("a", [1, 2], [1])).Should().Be("y");
        Parameter(() => new LineChart().Add(" ", [1], [1])).Should().Be("name");
        Parameter(() => new ScatterChart().Add("a", [1, 2, 3])).Should().Be("points");
        Parameter(() => new ScatterChart().Add("", [1, 2])).Should().Be("name");
    }

    private static string? Parameter(Action call) => call.Should().Throw<ArgumentException>().Which.ParamName;

    private static List<string> Texts(XDocument svg) => [.. svg.Descendants(Svg + "text").Select(text => text.Value)];

    // Series are the paths with a width of stroke, and the legend's marks are those of them that are moved.
    private static List<string> Curves(XDocument svg) =>
        [.. svg.Descendants(Svg + "path")
            .Where(path => path.Attribute("stroke-width") is not null && path.Attribute("transform") is null)
            .Select(path => path.Attribute("d")?.Value ?? "")];

    private static List<(double X, double Y)> Points(string path) =>
        [.. Point().Matches(path).Select(match => (Number(match.Groups[1]), Number(match.Groups[2])))];

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("[ML]([0-9.]+) ([0-9.]+)")]
    private static partial Regex Point();
}
