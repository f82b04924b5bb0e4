namespace GenModels.Data;

/// <summary>Takes from a column's texts how they are encoded.</summary>
internal static class ColumnFit
{
    private const int MostCategories = 1000;

    public static ColumnEncoding Of(string name, string?[] texts, ColumnKind? kind)
    {
        string[] present = [.. texts.OfType<string>()];
        if (present.Length == 0) throw Error(name, "no values at all, expected some: leave it out");
        bool hasMissing = present.Length < texts.Length;
        double[]? numbers = Numbers(present);
        kind ??= numbers is null ? ColumnKind.Category : Array.TrueForAll(numbers, double.IsInteger) ? ColumnKind.Integer : ColumnKind.Number;
        if (kind == ColumnKind.Category) return new() { Name = name, Kind = ColumnKind.Category, Categories = Categories(name, present), HasMissing = hasMissing };
        if (numbers is null)
            throw Error(name, $"{Quoted.Text(present.First(text => !ColumnEncoding.TryParse(text, out _)))}, expected a finite number, as its kind is {kind}");
        double mean = numbers.Average(), deviation = Math.Sqrt(numbers.Average(number => (number - mean) * (number - mean)));
        // What rounding leaves of a constant column is no spread.
        return new() { Name = name, Kind = kind.Value, Mean = mean, Deviation = deviation > 1e-14 * Math.Abs(mean) ? deviation : 1, HasMissing = hasMissing };
    }

    private static double[]? Numbers(string[] texts)
    {
        var numbers = new double[texts.Length];
        for (int i = 0; i < numbers.Length; i++)
            if (!ColumnEncoding.TryParse(texts[i], out numbers[i])) return null;
        return numbers;
    }

    private static ValueList<string> Categories(string name, string[] texts)
    {
        string[] categories = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        return categories.Length <= MostCategories
            ? [.. categories]
            : throw Error(name, $"{categories.Length} different texts, such as {Quoted.Text(categories[0])}, expected at most {MostCategories} categories: leave it out");
    }

    private static ArgumentException Error(string name, string finding) => new($"Column {Quoted.Text(name)} has {finding}.");
}
