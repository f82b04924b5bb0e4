using System.Globalization;
using System.Text;

namespace GenModels;

/// <summary>Names that stand in a file, as messages show them.</summary>
internal static class Quoted
{
    private const int Longest = 60;

    /// <summary>A name in quotation marks on one line, cut where it is long.</summary>
    public static string Text(string name)
    {
        var text = new StringBuilder("'");
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, Longest)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }
        return text.Append(name.Length > Longest ? "…'" : "'").ToString();
    }
}
