namespace GenModels.Evaluation;

/// <summary>Settings of <see cref="ParzenWindow"/>. Immutable; checked when used.</summary>
public sealed record ParzenOptions
{
    /// <summary>The values of σ to choose from, in the units of the examples.</summary>
    /// <value>Default ten values from 0.1 to 1 with equal ratios, as Goodfellow et al. took for pixels in [0, 1]. At least one, each above 0.</value>
    public ValueList<double> Bandwidths { get; init; } = ValueList.Create<double>([.. Enumerable.Range(0, 10).Select(i => Math.Pow(10, i / 9.0 - 1))]);

    /// <summary>How many k-means centres <see cref="ParzenWindow.Controls"/> takes for samples.</summary>
    /// <value>Default 500. Range: at least 1; at most as many as there are training examples.</value>
    public int Centres { get; init; } = 500;

    /// <summary>Decides which training examples are taken for samples, and where k-means starts.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        if (Guard.NotNull(Bandwidths).Count == 0) throw new ArgumentException("There are no bandwidths, expected at least one.", nameof(Bandwidths));
        foreach (double bandwidth in Bandwidths) Guard.Positive(bandwidth, nameof(Bandwidths));
        Guard.AtLeast(Centres, 1);
    }
}
