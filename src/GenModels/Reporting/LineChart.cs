using System.Text;

namespace GenModels.Reporting;

/// <summary>
/// Curves over one axis, such as losses over epochs, as a self-contained SVG picture.
/// Where every horizontal value is a whole number, as with epochs, so are the numbers along that axis.
/// A point without a place on the axes (NaN, infinite, beyond 1e100, or not positive on a logarithmic axis) leaves a gap in its curve.
/// </summary>
public sealed class LineChart
{
    private const int PlotWidth = 560;
    private const int PlotHeight = 320;

    private readonly List<(string Name, double[] X, double[] Y)> _series = [];

    /// <summary>The text above the chart. Default: none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the horizontal axis shows, with its unit. Default: none.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>What the vertical axis shows, with its unit. Default: none.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>Whether the vertical axis is logarithmic. Default: false.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Whether the x axis is logarithmic as well; points with x ≤ 0 are then left out.</summary>
    public bool IsLogarithmicX { get; init; }

    /// <summary>Adds a curve through the points (x, y) in their order.</summary>
    /// <param name="name">The curve's name in the legend.</param>
    /// <param name="x">Horizontal values.</param>
    /// <param name="y">Vertical values, as many.</param>
    /// <exception cref="ArgumentException">The name is empty, or there are not as many y as x.</exception>
    public void Add(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count)
            throw new ArgumentException($"There are {y.Count} values of y for {x.Count} of x, expected as many.", nameof(y));
        _series.Add((name, [.. x], [.. y]));
    }

    /// <summary>Writes the chart to a file, which is complete or not there; the folder is created if needed.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => Draw().Save(path);

    /// <summary>The chart as SVG text.</summary>
    public string ToSvg() => Draw().ToString();

    private SvgDocument Draw()
    {
        var frame = new ChartFrame(PlotWidth, PlotHeight, _series.Select(series => series.Name));
        var points = _series.SelectMany(series => series.X.Zip(series.Y)).Where(point => CanShow(point.First, point.Second)).ToList();
        var x = HorizontalAxis([.. points.Select(point => point.First)], frame);
        var y = Axis.Covering(points.Select(point => point.Second), IsLogarithmic, frame.PlotBottom, frame.PlotTop);
        var svg = frame.Begin(Title, XLabel, YLabel, x, y);
        for (var i = 0; i < _series.Count; i++)
        {
            var dash = ChartFrame.Dash(i);
            var stroke = $"""fill="none" stroke="{ChartFrame.Colour(i)}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" """.TrimEnd();
            if (dash.Length > 0)
                stroke += $""" stroke-dasharray="{dash}" """.TrimEnd();
            svg.Add($"""<path d="{Curve(_series[i].X, _series[i].Y, x, y)}" {stroke}/>""");
            frame.AddLegend(svg, i, _series[i].Name, "M-12 0H12", stroke);
        }
        return svg;
    }

    private Axis HorizontalAxis(double[] values, ChartFrame frame) => !IsLogarithmicX && values.Length > 0 && values.All(double.IsInteger)
        ? Axis.Counting(values, frame.PlotLeft, frame.PlotRight)
        : Axis.Covering(values, IsLogarithmicX, frame.PlotLeft, frame.PlotRight);

    private bool CanShow(double x, double y) => Axis.CanShow(x, IsLogarithmicX) && Axis.CanShow(y, IsLogarithmic);

    private string Curve(double[] xs, double[] ys, Axis x, Axis y)
    {
        var path = new StringBuilder();
        var isDrawing = false;
        for (var i = 0; i < xs.Length; i++)
        {
            if (!CanShow(xs[i], ys[i]))
            {
                isDrawing = false;
                continue;
            }
            path.Append(isDrawing ? 'L' : 'M').Append(SvgDocument.Pixel(x.Place(xs[i]))).Append(' ').Append(SvgDocument.Pixel(y.Place(ys[i])));
            // A line of no length shows as a dot, so that a point between two gaps is seen.
            if (!isDrawing)
                path.Append("h0");
            isDrawing = true;
        }
        return path.ToString();
    }
}
