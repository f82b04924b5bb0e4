using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace GenModels.Samples;

/// <summary>Reads what is given to an option, and says what was expected where it is something else.</summary>
public static class OptionValue
{
    private const int LongestShown = 40, MostWidths = 20;

    /// <summary>Reads a number of [least, most].</summary>
    public static Func<ArgumentResult, T> Number<T>(string option, T least, T most) where T : struct, INumber<T> =>
        result => Number(result, result.Tokens[^1].Value, option, least, most);

    /// <summary>Reads the widths of layers, each of [least, most].</summary>
    public static Func<ArgumentResult, int[]> Widths(string option, int least, int most) => result =>
    {
        if (result.Tokens.Count > MostWidths) result.AddError($"{option} has {result.Tokens.Count} widths, expected at most {MostWidths}");
        return [.. result.Tokens.Select(token => Number(result, token.Value, option, least, most))];
    };

    /// <summary>Reads one of several words, in any case.</summary>
    public static Func<ArgumentResult, T?> Choice<T>(string option, IReadOnlyList<T> choices) => result =>
    {
        string text = result.Tokens[^1].Value;
        foreach (var choice in choices)
            if (string.Equals(text, $"{choice}", StringComparison.OrdinalIgnoreCase)) return choice;
        result.AddError($"{option} is {Shown(text)}, expected {string.Join(", ", choices.SkipLast(1))} or {choices[^1]}");
        return default;
    };

    /// <summary>Reads a text that is not blank.</summary>
    public static Func<ArgumentResult, string> Text(string option) => result =>
    {
        string text = result.Tokens[^1].Value;
        if (string.IsNullOrWhiteSpace(text)) result.AddError($"{option} is empty, expected a text");
        return text;
    };

    /// <summary>A name or path as messages show it, cut where it is long.</summary>
    public static string Shown(string text) => text.Length > LongestShown ? $"'{text[..LongestShown]}…'" : $"'{text}'";

    private static T Number<T>(ArgumentResult result, string text, string option, T least, T most) where T : struct, INumber<T>
    {
        bool isReal = typeof(T) == typeof(double);
        // Thousands are not grouped: a comma would be taken for that where a decimal point is meant.
        if (T.TryParse(text, isReal ? NumberStyles.Float : NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option} is {Shown(text)}, expected a {(isReal ? "number" : "whole number")} from {least} to {most}"));
        return default;
    }
}
