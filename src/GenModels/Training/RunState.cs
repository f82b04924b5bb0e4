using System.Text.Json;
using System.Text.Json.Serialization;

namespace GenModels.Training;

/// <summary>Where a run stands beside tensors: what a checkpoint tells in JSON.</summary>
/// <param name="Epoch">The running epoch, from 1.</param>
/// <param name="Position">How many of its examples have been trained on.</param>
/// <param name="Steps">Steps since the run began.</param>
/// <param name="Elapsed">The time that the running epoch's steps took.</param>
/// <param name="Sums">The running epoch's figures, summed over its examples so far.</param>
/// <param name="History">The epochs before.</param>
/// <param name="Best">The best epoch so far, where early stopping looks for it.</param>
[SerializerContext(typeof(TrainingJson))]
internal sealed record RunState(
    int Epoch, int Position, long Steps, TimeSpan Elapsed, IReadOnlyDictionary<string, double> Sums, IReadOnlyList<EpochRecord> History, BestEpoch? Best)
{
    private static readonly StoredJson Strict = new(new()
    {
        // Held-out figures may be infinite.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    public static RunState New { get; } = new(1, 0, 0, TimeSpan.Zero, new Dictionary<string, double>(), [], null);

    /// <exception cref="JsonException">The text does not tell of a run, or of one that can't be.</exception>
    public static RunState FromJson(string json)
    {
        var run = JsonSerializer.Deserialize(json, Strict.Of<RunState>()) ?? throw new JsonException("There is no run.");
        return run.IsPossible ? run : throw new JsonException("No run stands there.");
    }

    public string ToJson() => Strict.Text(this);

    private bool IsPossible =>
        Epoch >= 1 && Position >= 0 && Steps >= 0 && Elapsed >= TimeSpan.Zero
        && History.Count == Epoch - 1 && History.Index().All(h => h.Item?.Epoch == h.Index + 1)
        && Best is null or { Epoch: >= 1 } && (Best?.Epoch ?? 0) < Epoch;
}

/// <summary>The epoch with the best held-out figure, and that figure.</summary>
internal sealed record BestEpoch(int Epoch, double Value);
