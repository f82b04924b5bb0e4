using System.Globalization;

namespace GenModels;

/// <summary>Figures as people read them, the same in every culture.</summary>
internal static class FigureText
{
    /// <summary>Figures with their names in one line: <c>loss 98.21, reconstruction 73.02, kl 25.19</c>.</summary>
    public static string InALine(IEnumerable<(string Name, double Value)> figures) =>
        string.Join(", ", figures.Select(f => $"{f.Name} {Short(f.Value)}"));

    /// <inheritdoc cref="InALine(IEnumerable{ValueTuple{string, double}})"/>
    public static string InALine(IReadOnlyDictionary<string, double> figures) => InALine(figures.Select(f => (f.Key, f.Value)));

    /// <summary>Four significant digits, or all before the point where there are more.</summary>
    public static string Short(double value) =>
        value.ToString(Math.Abs(value) is >= 1e3 and < 1e15 ? "F0" : "G4", CultureInfo.InvariantCulture);
}
