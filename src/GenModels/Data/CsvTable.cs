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
        : this(CsvRecords.CheckedNames(Guard.NotNull(columns)), Values(values, columns.Count)) { }

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
        var records = new CsvRecords(text, name, separator);
        var values = new List<double>();
        foreach (var (line, fields) in records.Rows())
            for (int i = 0; i < fields.Length; i++) values.Add(Number(fields[i].Text, records.Columns[i], i, line, name, records.Hint));
        return new CsvTable(records.Columns, [.. values]);
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
            writer.WriteLine(CsvRecords.Header(Columns, separator));
            foreach (double[] row in _values.Chunk(Columns.Count))
                writer.WriteLine(string.Join(separator, row.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        });
    }

    private static double Number(string field, string column, int index, int line, string name, string hint) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw CsvReader.Error(
                name, line,
                $"column {index + 1} ({Quoted.Text(column)[1..^1]}) has {(field.Length == 0 ? "no value" : Quoted.Text(field))}, expected a finite number such as -12.5 or 1e-3. " +
                "A TextTable has columns with missing values and with texts." + hint);

    private static double[] Values(Tensor values, int columns)
    {
        Guard.Rows(values, [columns]);
        using var scope = NewDisposeScope();
        double[] copy = values.detach().cpu().to(float64).contiguous().data<double>().ToArray();
        if (!copy.All(double.IsFinite)) throw new ArgumentException("The table has values that are NaN or infinite, expected finite ones.", nameof(values));
        return copy;
    }
}
