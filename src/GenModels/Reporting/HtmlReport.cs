using System.Text;

namespace GenModels.Reporting;

/// <summary>
/// A report as one HTML file that holds everything it shows: charts as inline SVG, pictures as base64 PNG, no scripts, nothing from a network.
/// </summary>
public sealed class HtmlReport
{
    private const string Style =
        "body{font-family:sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#222;background:#fff;line-height:1.4}" +
        "h1{font-size:1.6em}h2{font-size:1.2em;border-bottom:1px solid #ccc;margin-top:2em}" +
        "table{border-collapse:collapse;font-size:.9em;margin:1em 0}th,td{text-align:left;padding:.2em 1.2em .2em 0;vertical-align:top}" +
        "th{font-weight:600}tr+tr{border-top:1px solid #eee}figure{margin:1em 0}figcaption{font-size:.9em;color:#555}" +
        "img,svg{max-width:100%;height:auto}img{image-rendering:pixelated}";

    private readonly string _title;
    private readonly StringBuilder _body = new();

    /// <summary>Starts a report.</summary>
    /// <param name="title">Its heading.</param>
    /// <exception cref="ArgumentException">The title is empty.</exception>
    public HtmlReport(string title)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        _title = title;
    }

    /// <summary>Starts a section.</summary>
    /// <param name="heading">Its heading.</param>
    public void AddSection(string heading) => Add($"<h2>{Text(heading)}</h2>");

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Plain text.</param>
    public void AddParagraph(string text) => Add($"<p>{Text(text)}</p>");

    /// <summary>Adds a table.</summary>
    /// <param name="columns">The headings; none leaves them out.</param>
    /// <param name="rows">The cells of each row, as many as there are headings, if there are any.</param>
    /// <exception cref="ArgumentException">A row has another number of cells.</exception>
    public void AddTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Guard.NotNull(columns);
        Guard.NotNull(rows);
        var table = new StringBuilder("<table>");
        if (columns.Count > 0) table.Append("<tr>").AppendJoin("", columns.Select(c => $"<th>{Text(c)}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            if (columns.Count > 0 && row.Count != columns.Count)
                throw new ArgumentException($"A row has {row.Count} cells for {columns.Count} headings, expected as many.", nameof(rows));
            table.Append("\n<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>");
        }
        Add($"{table}</table>");
    }

    /// <summary>Adds a chart.</summary>
    /// <param name="svg">What <see cref="LineChart.ToSvg"/> or <see cref="ScatterChart.ToSvg"/> gives; it is trusted markup.</param>
    public void AddChart(string svg) => Add($"<figure>{Guard.NotNull(svg).TrimEnd()}</figure>");

    /// <summary>Adds a picture.</summary>
    /// <param name="png">What <see cref="ImageGrid.ToPng(TorchSharp.torch.Tensor, int, int, int?, int?)"/> gives.</param>
    /// <param name="caption">What it shows, also for those who can't see it.</param>
    public void AddPicture(ReadOnlySpan<byte> png, string caption) => Add(
        $"<figure><img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" alt=\"{Text(caption)}\"/><figcaption>{Text(caption)}</figcaption></figure>");

    /// <summary>The report as HTML.</summary>
    public override string ToString() =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><meta name=\"viewport\" content=\"width=device-width\"/>" +
        $"<title>{Text(_title)}</title><style>{Style}</style></head>\n<body>\n<h1>{Text(_title)}</h1>\n{_body}</body></html>\n";

    /// <summary>Writes the report to a file, which is complete or not there; the folder is created if needed.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Save(string path)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(ToString());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    private void Add(string markup) => _body.Append(markup).Append('\n');

    private static string Text(string text) => SvgDocument.Escape(Guard.NotNull(text));
}
