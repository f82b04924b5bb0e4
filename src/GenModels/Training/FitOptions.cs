using GenModels.Data;

namespace GenModels.Training;

/// <summary>How long and in what portions a model is trained. Immutable; checked when training starts.</summary>
[SerializerContext(typeof(TrainingJson))]
public sealed record FitOptions
{
    /// <summary>How often training passes over the examples.</summary>
    /// <value>Default 10. Range: at least 1.</value>
    public int Epochs { get; init; } = 10;

    /// <summary>How many examples a step takes; the last step of an epoch takes what is left.</summary>
    /// <value>Default 128. Range: at least 1.</value>
    public int BatchSize { get; init; } = 128;

    /// <summary>How many examples are evaluated at once. It bounds memory and changes no result but by rounding and by what is drawn.</summary>
    /// <value>Default 1,000. Range: at least 1.</value>
    public int EvaluationBatchSize { get; init; } = 1_000;

    /// <summary>What is done to the examples of a step before the model sees them, one after the other, and anew each time; evaluation sees them as they are.</summary>
    /// <value>Default []: nothing.</value>
    public ValueList<Augmentation> Augmentations { get; init; } = [];

    /// <summary>Decides the order of the examples, what augmentations and what evaluation draws.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Ends training after so many steps, also inside an epoch. Steps before a resumption count.</summary>
    /// <value>Default null: no limit. Range: at least 1.</value>
    public long? MaxSteps { get; init; }

    /// <summary>Ends training after the step in which so much time has passed since training was started or resumed, also inside an epoch.</summary>
    /// <value>Default null: no limit. Range: greater than 0.</value>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Ends training when a figure on held-out data no longer improves, which training must then be given.</summary>
    /// <value>Default null: every epoch is completed.</value>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.AtLeast(Epochs, 1);
        Guard.AtLeast(BatchSize, 1);
        Guard.AtLeast(EvaluationBatchSize, 1);
        foreach (var augmentation in Guard.NotNull(Augmentations)) Guard.NotNull(augmentation, nameof(Augmentations));
        if (MaxSteps is { } steps) Guard.AtLeast(steps, 1, nameof(MaxSteps));
        if (MaxDuration is { } duration) Guard.Positive(duration.TotalSeconds, nameof(MaxDuration));
        EarlyStopping?.Validate();
    }
}
