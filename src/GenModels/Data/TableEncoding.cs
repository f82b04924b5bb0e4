using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>
/// Makes examples of the rows of a <see cref="TextTable"/>, and rows of what a model draws: numbers are standardized, whole numbers rounded on the
/// way back, categories have a value each, and missing values a value that says so. Immutable, and holds no native memory.
/// </summary>
public sealed class TableEncoding
{
    private const string Purpose = "table rows";

    private static readonly StoredJson Json = new(new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });

    /// <summary>Makes an encoding of known columns.</summary>
    /// <param name="columns">The columns, at least one, no two of the same name.</param>
    /// <exception cref="ArgumentException">There are no columns, or one is not what it should be.</exception>
    public TableEncoding(IReadOnlyList<ColumnEncoding> columns)
    {
        foreach (var column in Guard.NotNull(columns)) Guard.NotNull(column, nameof(columns)).Validate();
        CsvRecords.CheckedNames([.. columns.Select(column => column.Name)]);
        (Columns, Size) = (Array.AsReadOnly(columns.ToArray()), columns.Sum(column => column.Width));
    }

    /// <summary>How each column is encoded.</summary>
    public IReadOnlyList<ColumnEncoding> Columns { get; }

    /// <summary>The number of values in an example.</summary>
    public int Size { get; }

    /// <summary>What each value of an example is: <c>age</c>, <c>job=cook</c>, <c>job is missing</c>.</summary>
    public IReadOnlyList<string> ValueNames => [.. Columns.SelectMany(column => column.Names)];

    /// <summary>
    /// Takes means, deviations and categories from the rows that a model learns from. Columns of whole numbers are <see cref="ColumnKind.Integer"/>,
    /// other columns of numbers <see cref="ColumnKind.Number"/>, and all others <see cref="ColumnKind.Category"/>.
    /// </summary>
    /// <param name="table">The rows.</param>
    /// <param name="kinds">What columns are in place of that: numbers that name categories, for example.</param>
    /// <exception cref="ArgumentException">
    /// A column has no values at all or more than 1,000 categories, is said to be of numbers and is not, or there is no such column.
    /// </exception>
    public static TableEncoding Fit(TextTable table, IReadOnlyDictionary<string, ColumnKind>? kinds = null)
    {
        Guard.NotNull(table);
        if (kinds?.Keys.FirstOrDefault(name => !table.Columns.Contains(name)) is { } unknown)
            throw new ArgumentException($"There is no column {Quoted.Text(unknown)}, expected one of {string.Join(", ", table.Columns.Select(Quoted.Text))}.", nameof(kinds));
        return new([.. table.Columns.Select((name, i) => ColumnFit.Of(
            name, [.. Enumerable.Range(0, table.Rows).Select(row => table[row, i])], kinds is not null && kinds.TryGetValue(name, out var kind) ? kind : null))]);
    }

    /// <summary>Makes the encoding that <see cref="ToJson"/> describes, the same to the bit.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">The text describes no encoding; the message says what is wrong with it.</exception>
    public static TableEncoding FromJson(string json)
    {
        try
        {
            return new(JsonSerializer.Deserialize(Guard.NotNull(json), Json.Of<StoredEncoding>())?.Columns ?? throw new JsonException("it is empty."));
        }
        catch (Exception e) when (e is JsonException or ArgumentException and not ArgumentNullException { ParamName: nameof(json) })
        {
            throw new InvalidDataException($"The text describes no encoding of a table: {e.Message}", e);
        }
    }

    /// <summary>The encoding as text, to be kept with the model that learned from it.</summary>
    public string ToJson() => JsonSerializer.Serialize(new StoredEncoding([.. Columns]), Json.Of<StoredEncoding>());

    /// <summary>The rows as examples of shape [<see cref="Size"/>].</summary>
    /// <param name="table">A table with these columns, in any order and among others.</param>
    /// <exception cref="ArgumentException">A column is not there, or a text is no number or category; the message names row and column.</exception>
    public ArraySource Encode(TextTable table)
    {
        Guard.NotNull(table);
        int[] places = [.. Columns.Select(column => CsvRecords.IndexOf(table.Columns, column.Name, nameof(table)))];
        var values = new float[checked(table.Rows * Size)];
        int at = 0;
        for (int row = 0; row < table.Rows; row++)
        {
            for (int i = 0; i < places.Length; i++)
            {
                if (Columns[i].Encode(table[row, places[i]], values.AsSpan(at, Columns[i].Width)) is { } problem)
                    throw new ArgumentException($"Row {row} of column {Quoted.Text(Columns[i].Name)} has {problem}.", nameof(table));
                at += Columns[i].Width;
            }
        }
        return new ArraySource(values, Size);
    }

    /// <summary>The rows that examples stand for, such as those that a model has drawn.</summary>
    /// <param name="examples">Shape [n, <see cref="Size"/>], any floating type, finite.</param>
    /// <param name="seed">
    /// Draws categories, and whether a value is missing, in proportion to their values, those below 0 never. Where none is given, the largest value decides.
    /// </param>
    /// <exception cref="ArgumentException">The shape is another, or a value is not finite.</exception>
    public TextTable Decode(Tensor examples, ulong? seed = null)
    {
        Guard.Rows(examples, [Size]);
        using var scope = NewDisposeScope();
        var source = ArraySource.Of(examples);
        var chances = seed is { } number ? RandomGenerator.For(number, Purpose).Sequence() : null;
        return new([.. Columns.Select(column => column.Name)], [.. Enumerable.Range(0, source.Count).Select(row => DecodeRow(source.Values.Slice(row * Size, Size), chances))]);
    }

    private string?[] DecodeRow(ReadOnlySpan<float> values, RandomSequence? chances)
    {
        var texts = new string?[Columns.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Columns[i].Decode(values[..Columns[i].Width], chances?.NextDouble());
            values = values[Columns[i].Width..];
        }
        return texts;
    }
}

/// <summary>What the text of an encoding holds.</summary>
[SerializerContext(typeof(TableEncodingJson))]
internal sealed record StoredEncoding(ColumnEncoding[] Columns);

/// <summary>Source-generated serialization of <see cref="StoredEncoding"/>.</summary>
[JsonSerializable(typeof(StoredEncoding))]
internal sealed partial class TableEncodingJson : JsonSerializerContext;
