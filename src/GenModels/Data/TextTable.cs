namespace GenModels.Data;

/// <summary>
/// A table of texts with named columns, in which values may be missing, read from and written to text with a separator between fields (RFC 4180).
/// <see cref="TableEncoding"/> makes examples of its rows. Immutable.
/// </summary>
public sealed class TextTable
{
    private readonly IReadOnlyList<IReadOnlyList<string?>> _rows;

    /// <summary>Makes a table.</summary>
    /// <param name="columns">The columns' names: at least one, none empty, no two the same.</param>
    /// <param name="rows">At least one row, with a text for each column, or null where its value is missing.</param>
    /// <exception cref="ArgumentException">A name is missing or there twice, or a row has another number of texts.</exception>
    public TextTable(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        Columns = Array.AsReadOnly(CsvRecords.CheckedNames(Guard.NotNull(columns)));
        if (Guard.NotNull(rows).Count == 0) throw new ArgumentException("There are no rows, expected at least one.", nameof(rows));
        foreach (var row in rows)
            if (row?.Count != columns.Count)
                throw new ArgumentException($"A row has {row?.Count ?? 0} texts, expected {columns.Count}, one for each column.", nameof(rows));
        _rows = [.. rows.Select(row => (string?[])[.. row])];
    }

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The number of rows, at least 1.</summary>
    public int Rows => _rows.Count;

    /// <summary>The text at a place, both counted from 0; null where it is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public string? this[int row, int column] =>
        _rows[ExampleLayout.CheckIndex(Rows, row, nameof(row))][ExampleLayout.CheckIndex(Columns.Count, column, nameof(column))];

    /// <summary>The rows at some indices, in their order.</summary>
    /// <param name="rows">At least one index, each in [0, <see cref="Rows"/>).</param>
    /// <exception cref="ArgumentException">There are no indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    public TextTable Select(params ReadOnlySpan<int> rows) => new(Columns, Array.ConvertAll(ExampleChoice.At(Rows, rows), row => _rows[row]));

    /// <summary>The table without some columns, such as those that only number the rows.</summary>
    /// <param name="columns">Their names.</param>
    /// <exception cref="ArgumentException">There is no such column, or none is left.</exception>
    public TextTable Without(params IReadOnlyList<string> columns)
    {
        int[] left = [.. Enumerable.Range(0, Columns.Count).Except(Guard.NotNull(columns).Select(column => CsvRecords.IndexOf(Columns, column, nameof(columns))))];
        return new([.. left.Select(place => Columns[place])], [.. _rows.Select(row => Array.ConvertAll(left, place => row[place]))]);
    }

    /// <summary>Two tables without common rows, to learn from and to measure with, chosen as <see cref="ExampleSelections"/> splits examples.</summary>
    /// <param name="trainFraction">The share of the first, in (0, 1); neither is empty.</param>
    /// <param name="seed">Decides which rows come into which part.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trainFraction"/> is outside its range.</exception>
    public (TextTable Train, TextTable Test) Split(double trainFraction, ulong seed)
    {
        var (train, test) = ExampleChoice.Split(Rows, ExampleChoice.Share(Rows, trainFraction), seed);
        return (Select(train), Select(test));
    }

    /// <summary>
    /// Reads a file: a line with the columns' names, and a line for each row. Empty fields are missing values; spaces around a field that is not in
    /// quotes are no part of it. Blank lines at the end are passed over.
    /// </summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="separator">What stands between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <param name="missing">What else stands for a missing value, such as <c>NA</c> or <c>?</c>.</param>
    /// <exception cref="ArgumentException">The path is empty, or the separator is another character.</exception>
    /// <exception cref="InvalidDataException">The file is no such table; the message names file, line and column.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static TextTable Read(string path, char separator = ',', string missing = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CsvSeparator.Checked(separator);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'.", path);
        using var text = new StreamReader(path);
        return Parse(text, path, separator, missing);
    }

    /// <summary>Reads text of the same form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="separator">What stands between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <param name="missing">What else stands for a missing value, such as <c>NA</c> or <c>?</c>.</param>
    /// <exception cref="ArgumentException">The separator is another character.</exception>
    /// <exception cref="InvalidDataException">The text is no such table; the message names line and column.</exception>
    public static TextTable Parse(TextReader text, string name, char separator = ',', string missing = "")
    {
        Guard.NotNull(missing);
        var records = new CsvRecords(Guard.NotNull(text), Guard.NotNull(name), separator);
        return new(records.Columns, [.. records.Rows().Select(row => Array.ConvertAll(row.Fields, field => Value(field, missing)))]);
    }

    /// <summary>Writes the table so that <see cref="Read"/> gives the same names and texts back.</summary>
    /// <param name="path">The file, replaced as a whole; its folder is made if needed.</param>
    /// <param name="separator">What stands between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <exception cref="ArgumentException">The path is empty, or the separator is another character.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(string path, char separator = ',')
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CsvSeparator.Checked(separator);
        // A line without anything would be blank.
        string none = Columns.Count == 1 ? "\"\"" : "";
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(CsvRecords.Header(Columns, separator));
            foreach (var row in _rows) writer.WriteLine(string.Join(separator, row.Select(text => text is null ? none : CsvRecords.Field(text, separator))));
        });
    }

    private static string? Value(CsvField field, string missing)
    {
        string text = field.IsQuoted ? field.Text : field.Text.Trim();
        return text.Length == 0 || text == missing ? null : text;
    }
}
