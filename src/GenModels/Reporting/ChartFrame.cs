namespace GenModels.Reporting;

/// <summary>What surrounds a chart's data: title, axes with ticks, grid lines, labels and the legend.</summary>
internal sealed class ChartFrame
{
    private const int Left = 76;
    private const int Right = 16;
    private const int Top = 40;
    private const int Bottom = 52;
    private const int LegendLine = 20;
    private const int LegendMark = 24;

    // Okabe and Ito's colours ("Color Universal Design", 2008), which stay apart for colour-blind readers, without their yellow; and three
    // more, so that ten classes have ten colours.
    private static readonly string[] Colours =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7A4A1E", "#9A9A9A", "#5D3A9B"];
    private static readonly string[] Dashes = ["", "6 3", "2 3", "8 3 2 3"];

    private readonly int _width;
    private readonly int _height;
    private readonly int _legendWidth;

    public ChartFrame(int plotWidth, int plotHeight, IEnumerable<string> legend)
    {
        // A picture can't ask for its text's width; letters of the usual fonts are narrower than this on average.
        _legendWidth = legend.Select(name => LegendMark + 24 + (int)(7.5 * name.Length)).DefaultIfEmpty(0).Max();
        _width = Left + plotWidth + Right + _legendWidth;
        _height = Top + plotHeight + Bottom;
    }

    public int PlotLeft => Left;

    public int PlotRight => _width - Right - _legendWidth;

    public int PlotTop => Top;

    public int PlotBottom => _height - Bottom;

    public static string Colour(int series) => Colours[series % Colours.Length];

    /// <summary>Tells lines of the same colour apart.</summary>
    public static string Dash(int series) => Dashes[series / Colours.Length % Dashes.Length];

    public SvgDocument Begin(string title, string xLabel, string yLabel, Axis x, Axis y)
    {
        var svg = new SvgDocument(_width, _height);
        var (middle, centre) = ((PlotLeft + PlotRight) / 2, (PlotTop + PlotBottom) / 2);
        foreach (var tick in x.Ticks)
        {
            var place = SvgDocument.Pixel(x.Place(tick));
            svg.Add($"""<path d="M{place} {PlotTop}V{PlotBottom}" stroke="#e4e4e4"/><text x="{place}" y="{PlotBottom + 18}" text-anchor="middle">{x.Label(tick)}</text>""");
        }
        foreach (var tick in y.Ticks)
        {
            var place = SvgDocument.Pixel(y.Place(tick));
            svg.Add($"""<path d="M{PlotLeft} {place}H{PlotRight}" stroke="#e4e4e4"/><text x="{PlotLeft - 8}" y="{place}" dy="0.35em" text-anchor="end">{y.Label(tick)}</text>""");
        }
        svg.Add($"""<path d="M{PlotLeft} {PlotTop}V{PlotBottom}H{PlotRight}" fill="none" stroke="#444"/>""");
        svg.Add($"""<text x="{middle}" y="24" text-anchor="middle" font-size="16">{SvgDocument.Escape(title)}</text>""");
        svg.Add($"""<text x="{middle}" y="{_height - 12}" text-anchor="middle">{SvgDocument.Escape(xLabel)}</text>""");
        svg.Add($"""<text transform="translate(18 {centre}) rotate(-90)" text-anchor="middle">{SvgDocument.Escape(yLabel)}</text>""");
        return svg;
    }

    /// <summary>Adds a legend line; <paramref name="mark"/> is path data around (0, 0) that is stroked with <paramref name="stroke"/>.</summary>
    public void AddLegend(SvgDocument svg, int series, string name, string mark, string stroke)
    {
        var (x, y) = (PlotRight + 16, PlotTop + 10 + LegendLine * series);
        svg.Add($"""<path transform="translate({x + LegendMark / 2} {y})" d="{mark}" {stroke}/><text x="{x + LegendMark + 6}" y="{y}" dy="0.35em">{SvgDocument.Escape(name)}</text>""");
    }
}
