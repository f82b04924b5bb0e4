namespace GenModels.Training;

/// <summary>A setting, or a trait of the data, that is not what it was when a checkpoint was made.</summary>
/// <param name="Field">Its name, such as <c>fit.BatchSize</c>, <c>model.Optimizer.LearningRate</c> or <c>train.Count</c>.</param>
/// <param name="Old">What the checkpoint says, as JSON; null where it says nothing.</param>
/// <param name="New">What it is now, as JSON; null where there is nothing of the name.</param>
public sealed record ConfigurationChange(string Field, string? Old, string? New)
{
    /// <summary>Field, old and new value.</summary>
    public override string ToString() => $"{Field} was {Old ?? "not set"}, and is {New ?? "not set"}";
}

/// <summary>A run can't go on from its checkpoint, since settings or data are others: it would be neither the old run nor a new one.</summary>
public sealed class ConfigurationChangedException : Exception
{
    internal ConfigurationChangedException(string path, IReadOnlyList<ConfigurationChange> changes)
        : base(
            $"The run of the checkpoint '{path}' had another configuration: {string.Join("; ", changes)}. " +
            "Go on with the old one, allow changes, or start anew.") =>
        Changes = changes;

    /// <summary>Everything that differs.</summary>
    public IReadOnlyList<ConfigurationChange> Changes { get; }
}
