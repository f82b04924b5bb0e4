using System.Text.Json;
using System.Text.Json.Nodes;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>Writes the figures that every training leaves in its folder beside history.csv, which grows while it trains: metrics.json.</summary>
public static class RunResults
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Writes settings, times, the last epoch's figures, and what else the sample has found.</summary>
    public static void Write(
        RunOptions run, ModelOptions model, FitOptions fit, TrainingHistory history, params (string Name, JsonNode? Value)[] findings)
    {
        double seconds = history.Epochs.Sum(e => e.Duration.TotalSeconds);
        var metrics = new JsonObject
        {
            ["data"] = run.Data,
            ["model"] = ToJson(model),
            ["fit"] = ToJson(fit),
            ["seconds"] = seconds,
            ["secondsToFirstStep"] = TrainingDisplay.TimeToFirstStep?.TotalSeconds,
            ["examplesPerSecond"] = history.Epochs.Average(e => e.ExamplesPerSecond),
        };
        foreach (var (name, value) in history.Last.Train) metrics[$"train.{name}"] = value;
        foreach (var (name, value) in history.Last.Test) metrics[$"test.{name}"] = value;
        foreach (var (name, value) in findings) metrics[name] = value;
        Write(run, metrics);
    }

    /// <summary>Writes figures of the sample's own choice.</summary>
    public static void Write(RunOptions run, JsonObject metrics) =>
        AtomicFile.Write(run.File("metrics.json"), stream => JsonSerializer.Serialize(stream, metrics, Readable));

    /// <summary>Settings with the members of their own type.</summary>
    public static JsonNode? ToJson(object settings) => JsonSerializer.SerializeToNode(settings, settings.GetType());
}
