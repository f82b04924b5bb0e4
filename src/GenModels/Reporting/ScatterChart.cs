using System.Globalization;
using System.Text;

namespace GenModels.Reporting;

/// <summary>
/// Points in the plane, such as a generator's samples over the data's, as a self-contained SVG picture. Sets are drawn in the order
/// they were added. Points of one set that fall within the same tenth of a pixel are drawn once, which keeps the file small.
/// </summary>
public sealed class ScatterChart
{
    private const int PlotSide = 440;

    private readonly List<(string Name, float[] Points)> _series = [];

    /// <summary>The text above the chart. Default: none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the horizontal axis shows. Default: none.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>What the vertical axis shows. Default: none.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>Whether a unit has the same length along both axes. Default: true.</summary>
    public bool HasEqualAspect { get; init; } = true;

    /// <summary>Adds a set of points.</summary>
    /// <param name="name">The set's name in the legend, which also says how many points have no place because they are not finite.</param>
    /// <param name="points">x₀, y₀, x₁, y₁, …, as <see cref="Data.ArraySource.Values"/> of a set in the plane has them.</param>
    /// <exception cref="ArgumentException">The name is empty, or the number of values is odd.</exception>
    public void Add(string name, ReadOnlySpan<float> points)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (points.Length % 2 != 0)
            throw new ArgumentException($"There are {points.Length} values, expected an even number, two per point.", nameof(points));
        var shown = new List<float>(points.Length);
        for (var i = 0; i < points.Length; i += 2)
        {
            if (float.IsFinite(points[i]) && float.IsFinite(points[i + 1]))
                shown.AddRange(points.Slice(i, 2));
        }
        var missing = (points.Length - shown.Count) / 2;
        _series.Add((missing == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} ({missing} not finite)"), [.. shown]));
    }

    /// <summary>Writes the chart to a file, which is complete or not there; the folder is created if needed.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path) => Draw().Save(path);

    /// <summary>The chart as SVG text.</summary>
    public string ToSvg() => Draw().ToString();

    private SvgDocument Draw()
    {
        var frame = new ChartFrame(PlotSide, PlotSide, _series.Select(series => series.Name));
        var x = Axis.Covering(Coordinates(0), isLogarithmic: false, frame.PlotLeft, frame.PlotRight);
        var y = Axis.Covering(Coordinates(1), isLogarithmic: false, frame.PlotBottom, frame.PlotTop);
        if (HasEqualAspect)
        {
            var density = Math.Min(x.Density, y.Density);
            (x, y) = (x.WithDensity(density), y.WithDensity(density));
        }
        var svg = frame.Begin(Title, XLabel, YLabel, x, y);
        for (var i = 0; i < _series.Count; i++)
        {
            var stroke = $"""fill="none" stroke="{ChartFrame.Colour(i)}" stroke-linecap="round" """;
            svg.Add($"""<path d="{Dots(_series[i].Points, x, y)}" {stroke}stroke-width="2.4" stroke-opacity="0.6"/>""");
            frame.AddLegend(svg, i, _series[i].Name, "M0 0h0", $"""{stroke}stroke-width="8" """.TrimEnd());
        }
        return svg;
    }

    private IEnumerable<double> Coordinates(int offset) =>
        _series.SelectMany(series => Enumerable.Range(0, series.Points.Length / 2).Select(i => (double)series.Points[2 * i + offset]));

    // Lines of no length: their round ends are the dots.
    private static string Dots(float[] points, Axis x, Axis y)
    {
        var path = new StringBuilder();
        var drawn = new HashSet<(string, string)>();
        for (var i = 0; i < points.Length; i += 2)
        {
            var place = (SvgDocument.Pixel(x.Place(points[i])), SvgDocument.Pixel(y.Place(points[i + 1])));
            if (drawn.Add(place))
                path.Append('M').Append(place.Item1).Append(' ').Append(place.Item2).Append("h0");
        }
        return path.ToString();
    }
}
