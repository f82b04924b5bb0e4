namespace GenModels.Training;

/// <summary>Ends training when a figure on held-out data no longer improves (Prechelt 1998). Immutable; checked when training starts.</summary>
public sealed record EarlyStopping
{
    /// <summary>The figure's name among <see cref="EpochRecord.Test"/>.</summary>
    /// <value>Default <c>loss</c>.</value>
    public string Metric { get; init; } = "loss";

    /// <summary>How many epochs in a row may pass without an improvement before training ends.</summary>
    /// <value>Default 10. Range: at least 1.</value>
    public int Patience { get; init; } = 10;

    /// <summary>What an improvement must exceed, in the figure's unit.</summary>
    /// <value>Default 0. Range: 0 or more.</value>
    public double MinDelta { get; init; }

    /// <summary>Whether more is better, as for an accuracy.</summary>
    /// <value>Default false: less is better, as for a loss.</value>
    public bool HigherIsBetter { get; init; }

    /// <summary>Whether the model has the weights of its best epoch when training ends, for whatever reason, rather than those of its last step.</summary>
    /// <value>Default true. A checkpoint holds both, so that a longer run goes on from the last step.</value>
    public bool RestoreBest { get; init; } = true;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Metric);
        Guard.AtLeast(Patience, 1);
        Guard.NotNegative(MinDelta);
    }

    internal bool Improves(double value, double best) => HigherIsBetter ? value > best + MinDelta : value < best - MinDelta;
}
