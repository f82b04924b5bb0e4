namespace GenModels.Training;

/// <summary>Where and how often a run is saved, so that it can go on from there. Immutable; checked when training starts.</summary>
/// <remarks>
/// A folder belongs to one run, which locks it while it trains. It holds <c>checkpoint.safetensors</c>, the one before as
/// <c>checkpoint.previous.safetensors</c>, and <c>history.csv</c>, a line an epoch. A checkpoint is written to a temporary file, flushed to disk
/// and renamed, so that at every moment at least one is whole. Beside the intervals set here, a run is saved when it ends and when it is cancelled,
/// but never in the middle of a step and never with weights that are not finite.
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>The folder, which is made if needed.</summary>
    public required string Folder { get; init; }

    /// <summary>The time from one checkpoint to the next; a run saves after the step in which it has passed.</summary>
    /// <value>Default one minute; null saves by steps alone. Range: 0, after every step, or more.</value>
    public TimeSpan? Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The number of steps from one checkpoint to the next.</summary>
    /// <value>Default null: by time alone. Range: at least 1.</value>
    public long? EverySteps { get; init; }

    /// <summary>
    /// Whether training goes on from the newest whole checkpoint in the folder, where there is one. Otherwise it starts anew, and the first
    /// checkpoint replaces what the folder holds.
    /// </summary>
    /// <value>Default false.</value>
    public bool Resume { get; init; }

    /// <summary>
    /// Whether training goes on though settings or data are not those of the checkpoint. <see cref="FitOptions.Epochs"/> and the conditions on
    /// which training stops may change without that.
    /// </summary>
    /// <value>Default false: a change is a <see cref="ConfigurationChangedException"/>, which lists old and new values.</value>
    public bool AllowChanges { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        if (Every is { } every) Guard.NotNegative(every.TotalSeconds, nameof(Every));
        if (EverySteps is { } steps) Guard.AtLeast(steps, 1, nameof(EverySteps));
    }
}
