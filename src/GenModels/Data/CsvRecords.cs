using System.Globalization;

namespace GenModels.Data;

/// <summary>A line with the names of columns and a line for each row, as all tables have them, whatever their fields mean.</summary>
internal sealed class CsvRecords
{
    private readonly CsvReader _reader;
    private readonly string _name;

    /// <summary>Reads the names.</summary>
    /// <exception cref="ArgumentException">The separator is no known one.</exception>
    /// <exception cref="InvalidDataException">There are no names, or not one of its own for each column.</exception>
    public CsvRecords(TextReader text, string name, char separator)
    {
        (_reader, _name) = (new CsvReader(text, name, CsvSeparator.Checked(separator)), name);
        var header = _reader.Read() ?? throw CsvReader.Error(name, 1, "the file is empty, expected a line with the columns' names.");
        (Columns, Hint) = (Names(header, name), CsvSeparator.Hint(header, separator));
    }

    public string[] Columns { get; }

    /// <summary>What to add to an error, where the names seem to have been split at the wrong separator.</summary>
    public string Hint { get; }

    /// <summary>The rows, at least one, with the line that each starts on. Blank lines at the end are passed over.</summary>
    /// <exception cref="InvalidDataException">A row has another number of fields, or there are none.</exception>
    public IEnumerable<(int Line, CsvField[] Fields)> Rows()
    {
        int blank = 0, rows = 0;
        for (; _reader.Read() is { } fields; rows++)
        {
            if (fields is [{ IsQuoted: false, Text: var only }] && string.IsNullOrWhiteSpace(only))
            {
                if (blank == 0) blank = _reader.Line;
                rows--;
                continue;
            }
            if (blank > 0) throw CsvReader.Error(_name, blank, "the line is blank; blank lines are allowed only at the end.");
            if (fields.Length != Columns.Length)
                throw CsvReader.Error(_name, _reader.Line, $"there are {fields.Length} fields, expected {Columns.Length}, one for each column.{Hint}");
            yield return (_reader.Line, fields);
        }
        if (rows == 0) throw CsvReader.Error(_name, _reader.Line, "there are no rows after the names, expected at least one.");
    }

    /// <summary>The first line of a table. Names that are numbers are put in quotes, so that they are not taken for a row.</summary>
    public static string Header(IEnumerable<string> columns, char separator) =>
        string.Join(separator, columns.Select(column => IsNumber(column) ? $"\"{column}\"" : Field(column, separator)));

    /// <summary>A field, in quotes where it needs them to come back as it is.</summary>
    public static string Field(string text, char separator) => text.Trim().Length == text.Length && text.AsSpan().IndexOfAny([separator, '"', '\r', '\n']) < 0
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string[] CheckedNames(IReadOnlyList<string> columns)
    {
        if (columns.Count == 0) throw new ArgumentException("There are no columns, expected at least one.", nameof(columns));
        if (columns.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("A column has no name.", nameof(columns));
        if (columns.Distinct().Count() < columns.Count) throw new ArgumentException("Two columns have the same name.", nameof(columns));
        return [.. columns];
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static int IndexOf(IReadOnlyList<string> columns, string column, string parameterName)
    {
        int place = columns.TakeWhile(name => name != column).Count();
        return place < columns.Count
            ? place
            : throw new ArgumentException($"There is no column {Quoted.Text(column)}, expected one of {string.Join(", ", columns.Select(Quoted.Text))}.", parameterName);
    }

    private static string[] Names(CsvField[] header, string name)
    {
        string[] columns = Array.ConvertAll(header, field => field.Text);
        if (header.All(field => !field.IsQuoted && IsNumber(field.Text)))
            throw CsvReader.Error(
                name, 1, $"column 1 has the number {Quoted.Text(columns[0])} where its name is expected: the first line names the columns. Names that are numbers are put in quotes.");
        var places = new Dictionary<string, int>(columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(columns[i])) throw CsvReader.Error(name, 1, $"column {i + 1} has no name.");
            if (!places.TryAdd(columns[i], i))
                throw CsvReader.Error(name, 1, $"columns {places[columns[i]] + 1} and {i + 1} are both called {Quoted.Text(columns[i])}.");
        }
        return columns;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
