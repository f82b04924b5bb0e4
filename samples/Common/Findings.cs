using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace GenModels.Samples;

/// <summary>What a sample finds of a trained model: figures by name, and what could not be measured, with the reason.</summary>
public sealed class Findings : IEnumerable<(string Name, JsonNode? Value)>
{
    private readonly List<(string Name, JsonNode? Value)> _figures = [];
    private readonly List<(string What, string Why)> _leftOut = [];

    /// <summary>What was left out, and why.</summary>
    public IReadOnlyList<(string What, string Why)> LeftOut => _leftOut;

    /// <summary>Adds a figure; one that is not finite, as the standard error of a single value, counts as left out.</summary>
    public void Add((string Name, JsonNode? Value) figure)
    {
        if (figure.Value is JsonValue value && value.TryGetValue(out double number) && !double.IsFinite(number))
            LeaveOut(figure.Name, string.Create(CultureInfo.InvariantCulture, $"It is not a finite number ({number})."));
        else _figures.Add(figure);
    }

    public void AddRange(IEnumerable<(string Name, JsonNode? Value)> figures)
    {
        foreach (var figure in figures) Add(figure);
    }

    /// <summary>Measures something, and leaves it out where the data do not allow it, as where there are too few.</summary>
    /// <param name="what">What messages call it.</param>
    /// <param name="measure">Measures, and throws where the data or the model do not allow it.</param>
    public void Measure(string what, Action measure)
    {
        try
        {
            measure();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            LeaveOut(what, SampleCommand.Describe(e));
        }
    }

    /// <summary>Writes every figure on a line of its own, with as many digits as a reader needs.</summary>
    public void Print()
    {
        foreach (var (name, value) in _figures) Console.WriteLine($"{name} {Text(value)}");
    }

    /// <summary>A figure with as many digits as a reader needs.</summary>
    public static string Text(JsonNode? value) =>
        value is JsonValue figure && figure.TryGetValue(out double number) ? number.ToString("G6", CultureInfo.InvariantCulture) : $"{value}";

    public IEnumerator<(string Name, JsonNode? Value)> GetEnumerator() => _figures.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void LeaveOut(string what, string why)
    {
        _leftOut.Add((what, why));
        Console.WriteLine($"left out: {what}. {why}");
    }
}
