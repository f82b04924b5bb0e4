using System.Text.RegularExpressions;

namespace GenModels.Fuzz;

/// <summary>Damages the tokens of JSON, tables and the like: numbers, words and signs.</summary>
internal static partial class TextDamage
{
    private const int LongestSpan = 40;
    private const int DeepestNest = 3000;

    private static readonly string[] Values =
    [
        "-1", "0", "1", "2", "1.5", "1e3", "1e999", "NaN", "-0", "007", "2147483647", "2147483648", "4294967296", "100000000", "16777216", "3000000000",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "\"1\"", "\\\"1\\\"", "\"\"", "null", "true", "[]", "{}", "[1]",
    ];

    private static readonly string[] Signs =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\\"", "\\", "\n", "\r\n", " ", "\t", "\0", "ÿ", "\\ud800", "\\u0000", "//", ";", "'",
    ];

    public static string Apply(string text, Random random)
    {
        var tokens = Token().Matches(text).Select(m => m.Value).ToList();
        if (tokens.Count == 0) return Signs[random.Next(Signs.Length)];
        int at = random.Next(tokens.Count), other = random.Next(tokens.Count);
        int count = random.Next(1, Math.Min(LongestSpan, tokens.Count - at) + 1);
        switch (random.Next(12))
        {
            case 0 or 1 or 2 or 9 or 10: tokens[NumberNear(tokens, at)] = Values[random.Next(Values.Length)]; break;
            case 3: tokens.RemoveAt(at); break;
            case 4: tokens.RemoveRange(at, count); break;
            case 5: tokens.InsertRange(at + count, tokens.GetRange(at, count)); break;
            case 6: (tokens[at], tokens[other]) = (tokens[other], tokens[at]); break;
            case 7: tokens[at] = tokens[other]; break;
            case 8: tokens.Insert(at, Signs[random.Next(Signs.Length)]); break;
            default: tokens.Insert(at, string.Concat(Enumerable.Repeat(Signs[random.Next(3)], random.Next(1, DeepestNest)))); break;
        }
        return string.Concat(tokens);
    }

    private static int NumberNear(List<string> tokens, int at)
    {
        int found = tokens.FindIndex(at, token => char.IsAsciiDigit(token[^1]));
        return found < 0 ? at : found;
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][+-]?\d+)?|[A-Za-z_]+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
