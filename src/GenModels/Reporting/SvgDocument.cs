using System.Globalization;
using System.Text;

namespace GenModels.Reporting;

/// <summary>Builds an SVG picture (W3C, "Scalable Vector Graphics 1.1") line by line.</summary>
internal sealed class SvgDocument
{
    private readonly StringBuilder _text = new();

    public SvgDocument(int width, int height)
    {
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">""");
        // Without it, pages with a dark background would show dark lines on it.
        Add($"""<rect width="{width}" height="{height}" fill="white"/>""");
    }

    /// <summary>Adds a line of markup, with numbers as SVG expects them whatever the culture.</summary>
    public void Add(FormattableString markup) => _text.Append(markup.ToString(CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>Text as XML takes it: markup escaped, characters that XML can't hold replaced.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\t' or '\n' or '\r' => " ",
                < 32 or 0xFFFE or 0xFFFF => "\uFFFD",
                _ => rune.ToString(),
            });
        }
        return escaped.ToString();
    }

    /// <summary>A coordinate, to a tenth of a pixel.</summary>
    public static string Pixel(double value) => (Math.Round(value, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);

    public override string ToString() => $"{_text}</svg>\n";

    public void Save(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(ToString());
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }
}
