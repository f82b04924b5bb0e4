using System.Globalization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>A table of numbers with named columns, read from and written to text with a separator between fields (RFC 4180). Immutable.</summary>
public sealed partial class CsvTable
{
    private readonly double[] _values;

    /// <summary>Makes a table.</summary>
    /// <param name="columns">The columns' names: at least one, none empty, no two the same.</param>
    /// <param name="values">Shape [rows, columns] with at least one row, any floating type, finite. The values are copied.</param>
    /// <exception cref="ArgumentException">A name is missing or there twice, the shape does not fit, or a value is not finite.</exception>
    public CsvTable(IReadOnlyList<string> columns, Tensor values)
        : this(CheckedNames(Guard.NotNull(columns)), Values(values, columns.Count)) { }

    private CsvTable(string[] columns, double[] values) => (Columns, _values) = (Array.AsReadOnly(columns), values);

    /// <summary>The columns' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The number of rows, at least 1.</summary>
    public int Rows => _values.Length / Columns.Count;

    /// <summary>The value at a place, both counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public double this[int row, int column]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
            ArgumentOutOfRangeException.ThrowIfNegative(column);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns.Count);
            return _values[row * Columns.Count + column];
        }
    }

    /// <summary>The values of a column, a copy.</summary>
    /// <param name="column">Its position, from 0.</param>
    public double[] Column(int column) => [.. Enumerable.Range(0, Rows).Select(row => this[row, column])];

    /// <summary>All values.</summary>
    /// <returns>Shape [rows, columns] in double precision on the CPU, owned by the caller.</returns>
    public Tensor ToTensor() => tensor(_values, [Rows, Columns.Count]);

    /// <summary>
    /// Reads a file: a line with the columns' names, and a line of numbers for each row. Blank lines at the end are passed over. A first line of
    /// nothing but numbers is taken for a row that lacks its header, unless the numbers are in quotes, as <see cref="Write"/> puts such names.
    /// </summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="separator">What stands between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <exception cref="ArgumentException">The path is empty, or the separator is another character.</exception>
    /// <exception cref="InvalidDataException">The file is no such table; the message names file, line and column.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static CsvTable Read(string path, char separator = ',')
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CsvSeparator.Checked(separator);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'.", path);
        using var text = new StreamReader(path);
        return Parse(text, path, separator);
    }

    /// <summary>Reads text of the same form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="separator">What stands between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <exception cref="ArgumentException">The separator is another character.</exception>
    /// <exception cref="InvalidDataException">The text is no such table; the message names line and column.</exception>
    public static CsvTable Parse(TextReader text, string name, char separator = ',')
    {
        Guard.NotNull(text);
        Guard.NotNull(name);
        var reader = new CsvReader(text, name, CsvSeparator.Checked(separator));
        var header = reader.Read() ?? throw CsvReader.Error(name, 1, "the file is empty, expected a line with the columns' names.");
        string[] columns = Names(header, name);
        string hint = CsvSeparator.Hint(header, separator);
        var values = new List<double>();
        int blank = 0;
        while (reader.Read() is { } fields)
        {
            if (fields is [{ IsQuoted: false, Text: var only }] && string.IsNullOrWhiteSpace(only))
            {
                if (blank == 0) blank = reader.Line;
                continue;
            }
            if (blank > 0) throw CsvReader.Error(name, blank, "the line is blank; blank lines are allowed only at the end.");
            if (fields.Length != columns.Length)
                throw CsvReader.Error(name, reader.Line, $"there are {fields.Length} fields, expected {columns.Length}, one for each column.{hint}");
            for (int i = 0; i < fields.Length; i++) values.Add(Number(fields[i].Text, columns[i], i, reader.Line, name, hint));
        }
        return values.Count > 0 ? new CsvTable(columns, [.. values]) : throw CsvReader.Error(name, reader.Line, "there are no rows after the names, expected at least one.");
    }

    /// <summary>Writes the table so that <see cref="Read"/> gives the same names and values back, the values bit for bit.</summary>
    /// <param name="path">The file, replaced as a whole; its folder is made if needed.</param>
    /// <param name="separator">What to put between two fields: a comma, semicolon, tab or vertical bar.</param>
    /// <exception cref="ArgumentException">The path is empty, or the separator is another character.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(string path, char separator = ',')
    {
        CsvSeparator.Checked(separator);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine(string.Join(separator, Columns.Select(column => Field(column, separator))));
            foreach (double[] row in _values.Chunk(Columns.Count))
                writer.WriteLine(string.Join(separator, row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        });
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

    private static double Number(string field, string column, int index, int line, string name, string hint) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw CsvReader.Error(
                name, line,
                $"column {index + 1} ({Quoted.Text(column)[1..^1]}) has {(field.Length == 0 ? "no value" : Quoted.Text(field))}, expected a finite number such as -12.5 or 1e-3. " +
                "Rows with missing values have to be left out, and categories given as numbers." + hint);

    private static string[] CheckedNames(IReadOnlyList<string> columns)
    {
        if (columns.Count == 0) throw new ArgumentException("There are no columns, expected at least one.", nameof(columns));
        if (columns.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("A column has no name.", nameof(columns));
        if (columns.Distinct().Count() < columns.Count) throw new ArgumentException("Two columns have the same name.", nameof(columns));
        return [.. columns];
    }

    private static double[] Values(Tensor values, int columns)
    {
        Guard.Rows(values, [columns]);
        using var scope = NewDisposeScope();
        double[] copy = values.detach().cpu().to(float64).contiguous().data<double>().ToArray();
        if (!copy.All(double.IsFinite)) throw new ArgumentException("The table has values that are NaN or infinite, expected finite ones.", nameof(values));
        return copy;
    }

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Field(string name, char separator) =>
        name.AsSpan().IndexOfAny([separator, '"', '\r', '\n']) < 0 && !IsNumber(name) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
