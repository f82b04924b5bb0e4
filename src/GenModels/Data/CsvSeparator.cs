namespace GenModels.Data;

/// <summary>The characters that may separate the fields of a <see cref="CsvTable"/>: none of them is part of a number.</summary>
internal static class CsvSeparator
{
    private static readonly Dictionary<char, string> Known = new() { [','] = "a comma", [';'] = "a semicolon", ['\t'] = "a tab", ['|'] = "a vertical bar" };

    public static string Describe(char separator) => Known[separator];

    public static char Checked(char separator) => Known.ContainsKey(separator)
        ? separator
        : throw new ArgumentException($"The separator is '{separator}', expected {string.Join(", ", Known.Values)}.", nameof(separator));

    /// <summary>What to say where a header that came out as a single name seems to hold several, with another separator between them.</summary>
    public static string Hint(CsvField[] names, char separator)
    {
        if (names is not [{ IsQuoted: false, Text: var name }]) return "";
        char found = Known.Keys.FirstOrDefault(other => other != separator && name.Contains(other, StringComparison.Ordinal));
        return found == default ? "" : $" The names in the first line seem to be separated by {Describe(found)}, and {Describe(separator)} was expected: give the file's separator.";
    }
}
