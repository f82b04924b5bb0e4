namespace GenModels.Evaluation;

/// <summary>Settings of <see cref="LatentReport"/>. Immutable; checked when used.</summary>
public sealed record LatentReportOptions
{
    /// <summary>A dimension is active where the variance of its posterior mean over the examples is above this.</summary>
    /// <value>Default 0.01, as in Burda, Grosse and Salakhutdinov (2016, section 4.1). Range: 0 or more.</value>
    public double ActiveThreshold { get; init; } = 0.01;

    /// <summary>How many examples are encoded at once. It bounds memory.</summary>
    /// <value>Default 1,000. Range: at least 1.</value>
    public int BatchSize { get; init; } = 1_000;

    /// <summary>Decides what is drawn of the posterior and of the prior.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.NotNegative(ActiveThreshold);
        Guard.AtLeast(BatchSize, 1);
    }
}
