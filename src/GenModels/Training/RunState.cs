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
internal sealed record RunState(
    int Epoch, int Position, long Steps, TimeSpan Elapsed, IReadOnlyDictionary<string, double> Sums, IReadOnlyList<EpochRecord> History, BestEpoch? Best)
{
    // Held-out figures may be infinite.
    private static readonly JsonSerializerOptions Numbers = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static RunState New { get; } = new(1, 0, 0, TimeSpan.Zero, new Dictionary<string, double>(), [], null);

    public static RunState FromJson(string json) =>
        JsonSerializer.Deserialize<RunState>(json, Numbers) ?? throw new JsonException("There is no run.");

    public string ToJson() => JsonSerializer.Serialize(this, Numbers);
}

/// <summary>The epoch with the best held-out figure, and that figure.</summary>
internal sealed record BestEpoch(int Epoch, double Value);
