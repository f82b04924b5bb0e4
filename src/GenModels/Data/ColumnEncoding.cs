using System.Globalization;

namespace GenModels.Data;

/// <summary>How the values of a column become numbers of an example, and back.</summary>
public sealed record ColumnEncoding
{
    /// <summary>The column's name.</summary>
    public required string Name { get; init; }

    /// <summary>What its values are.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>The mean of its numbers; 0 for categories.</summary>
    public double Mean { get; init; }

    /// <summary>The standard deviation of its numbers; 1 where they are all the same, and for categories.</summary>
    public double Deviation { get; init; } = 1;

    /// <summary>Its categories, in ordinal order; none for numbers.</summary>
    public ValueList<string> Categories { get; init; } = [];

    /// <summary>Whether values may be missing. There is then one value more, the last, which is 1 where they are; the others are then 0.</summary>
    public bool HasMissing { get; init; }

    /// <summary>The number of values in an example.</summary>
    internal int Width => (Kind == ColumnKind.Category ? Categories.Count : 1) + (HasMissing ? 1 : 0);

    /// <summary>What the values in an example are called.</summary>
    internal IEnumerable<string> Names =>
        (Kind == ColumnKind.Category ? Categories.Select(category => $"{Name}={category}") : [Name]).Concat(HasMissing ? [$"{Name} is missing"] : []);

    internal void Validate()
    {
        Guard.NotNull(Categories);
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        Guard.Defined(Kind);
        Guard.Finite(Mean);
        Guard.Positive(Deviation);
        if ((Kind == ColumnKind.Category) != (Categories.Count > 0) || Categories.Distinct().Count() < Categories.Count || Categories.Contains(null))
            throw new ArgumentException($"Column {Quoted.Text(Name)} has {Categories.Count} categories, expected different ones for a category, and none for numbers.");
    }

    /// <summary>Writes the values of a text.</summary>
    /// <returns>What is wrong with the text; null where it was written.</returns>
    internal string? Encode(string? text, Span<float> values)
    {
        values.Clear();
        if (text is null)
        {
            values[^1] = HasMissing ? 1 : 0;
            return HasMissing ? null : "no value, and no value was missing where the encoding was fitted";
        }
        if (Kind != ColumnKind.Category)
        {
            bool isNumber = TryParse(text, out double number);
            values[0] = (float)((number - Mean) / Deviation);
            return isNumber ? null : $"{Quoted.Text(text)}, expected a finite number";
        }
        int place = Categories.TakeWhile(category => category != text).Count();
        if (place == Categories.Count) return $"{Quoted.Text(text)}, which is none of its {Categories.Count} categories, such as {Quoted.Text(Categories[0])}";
        values[place] = 1;
        return null;
    }

    /// <summary>The text that values stand for, null where it is missing.</summary>
    /// <param name="values">The values.</param>
    /// <param name="chance">Uniform in [0, 1), to draw what is not certain in proportion; null for what is largest.</param>
    internal string? Decode(ReadOnlySpan<float> values, double? chance)
    {
        if (Kind == ColumnKind.Category) return Choice(values, chance) is var place && place < Categories.Count ? Categories[place] : null;
        if (HasMissing && Choice([1 - values[^1], values[^1]], chance) == 1) return null;
        double number = values[0] * Deviation + Mean;
        return (Kind == ColumnKind.Integer ? Math.Round(number) + 0.0 : number).ToString(Kind == ColumnKind.Integer ? "F0" : "G7", CultureInfo.InvariantCulture);
    }

    internal static bool TryParse(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static int Choice(ReadOnlySpan<float> weights, double? chance)
    {
        int largest = 0;
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] > weights[largest]) largest = i;
            sum += Math.Max(0, weights[i]);
        }
        if (chance is not { } share) return largest;
        double left = share * sum;
        for (int i = 0; i < weights.Length; i++)
        {
            left -= Math.Max(0, weights[i]);
            if (left < 0) return i;
        }
        return largest;
    }
}
