using System.Globalization;

namespace GenModels.Tests.Divergences;

/// <summary>One line of what reference/make_reference_cases.py writes; its head says how.</summary>
internal sealed record ReferenceCase(string Kind, bool Normalize, double[] P, double[] Q, IReadOnlyList<ReferenceValue> Values)
{
    public static IReadOnlyList<ReferenceCase> All { get; } = Read().ToArray();

    private static IEnumerable<ReferenceCase> Read()
    {
        using var reader = new StreamReader(ReferenceFile.Open("cases.txt.gz"));
        while (reader.ReadLine() is { } line)
        {
            string[] parts = line.Split('|', StringSplitOptions.TrimEntries);
            string[] head = parts[0].Split(' ');
            double[] values = Numbers(parts[3]);
            yield return new(head[0], head[1] == "1", Numbers(parts[1]), Numbers(parts[2]),
                values.Chunk(3).Select(v => new ReferenceValue(v[0], v[1], v[2])).ToArray());
        }
    }

    private static double[] Numbers(string text) => Array.ConvertAll(text.Split(' '), Number);

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}

/// <summary>The exact value as High + Low, and SciPy's.</summary>
internal readonly record struct ReferenceValue(double High, double Low, double SciPy)
{
    /// <summary>Relative, but no finer than half the spacing of the doubles, on which no result can improve below the normal numbers.</summary>
    public double RelativeErrorOf(double value)
    {
        if (!double.IsFinite(value)) return double.PositiveInfinity;
        double error = Math.Abs(value - High - Low);
        return error <= double.Epsilon && Math.Abs(High) < 1e-300 ? 0 : error / Math.Abs(High);
    }
}
