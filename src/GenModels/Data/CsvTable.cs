using System.Globalization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>A table of numbers with named columns, read from and written to comma-separated text (RFC 4180). Immutable.</summary>
public sealed class CsvTable
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

    /// <summary>Reads a file: a line with the columns' names, and a line of numbers for each row.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="InvalidDataException">The file is no such table; the message names file, line and column.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static CsvTable Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file '{path}'.", path);
        using var text = new StreamReader(path);
        return Parse(text, path);
    }

    /// <summary>Reads text of the same form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The text is no such table; the message names line and column.</exception>
    public static CsvTable Parse(TextReader text, string name)
    {
        Guard.NotNull(text);
        Guard.NotNull(name);
        var reader = new CsvReader(text, name);
        string[] columns = Header(reader, name);
        var values = new List<double>();
        while (reader.Read() is { } fields)
        {
            if (fields.Length != columns.Length)
                throw CsvReader.Error(name, reader.Line, $"there are {fields.Length} fields, expected {columns.Length}, one for each column.");
            for (int i = 0; i < fields.Length; i++) values.Add(Number(fields[i], columns[i], i, reader.Line, name));
        }
        return values.Count > 0 ? new CsvTable(columns, [.. values]) : throw CsvReader.Error(name, reader.Line, "there are no rows after the names, expected at least one.");
    }

    /// <summary>Writes the table so that <see cref="Read"/> gives the same values back, bit for bit.</summary>
    /// <param name="path">The file, replaced as a whole; its folder is made if needed.</param>
    /// <exception cref="IOException">The file can't be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', Columns.Select(Field)));
        foreach (double[] row in _values.Chunk(Columns.Count))
            writer.WriteLine(string.Join(',', row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
    });

    private static string[] Header(CsvReader reader, string name)
    {
        string[] columns = reader.Read() ?? throw CsvReader.Error(name, 1, "the file is empty, expected a line with the columns' names.");
        var places = new Dictionary<string, int>(columns.Length);
        for (int i = 0; i < columns.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(columns[i])) throw CsvReader.Error(name, 1, $"column {i + 1} has no name.");
            if (double.TryParse(columns[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                throw CsvReader.Error(name, 1, $"column {i + 1} has the number {Quoted.Text(columns[i])} where its name is expected: the first line names the columns.");
            if (!places.TryAdd(columns[i], i))
                throw CsvReader.Error(name, 1, $"columns {places[columns[i]] + 1} and {i + 1} are both called {Quoted.Text(columns[i])}.");
        }
        return columns;
    }

    private static double Number(string field, string column, int index, int line, string name) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw CsvReader.Error(
                name, line,
                $"column {index + 1} ({Quoted.Text(column)[1..^1]}) has {(field.Length == 0 ? "no value" : Quoted.Text(field))}, expected a finite number such as -12.5 or 1e-3. " +
                "Rows with missing values have to be left out, and categories given as numbers.");

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

    private static string Field(string name) =>
        name.AsSpan().IndexOfAny(",\"\r\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
