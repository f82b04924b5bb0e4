namespace GenModels.Training;

/// <summary>Training was cancelled between two steps, or by who listens to it. The model is usable, and what was trained is not lost.</summary>
public sealed class TrainingCanceledException : OperationCanceledException
{
    internal TrainingCanceledException(TrainingHistory history, OperationCanceledException cause)
        : base($"Training was cancelled after {history.Steps} steps and {history.Epochs.Count} whole epochs.", cause, cause.CancellationToken) => History = history;

    /// <summary>What was done until then.</summary>
    public TrainingHistory History { get; }
}
