namespace GenModels.Evaluation;

/// <summary>Settings of <see cref="ImportanceSampling"/>. Immutable; checked when used.</summary>
public sealed record ImportanceSamplingOptions
{
    /// <summary>The number k of draws of q(z|x) for each example. The bound L_k rises with k towards log p(x).</summary>
    /// <value>Default 5,000, with which most published figures were made. Range: at least 1; 1 gives the evidence lower bound.</value>
    public int Samples { get; init; } = 5_000;

    /// <summary>How many draws are decoded at once. It bounds memory whatever <see cref="Samples"/> is.</summary>
    /// <value>Default 1,000. Range: at least 1. Another value draws other noise.</value>
    public int ChunkSize { get; init; } = 1_000;

    /// <summary>Decides the draws.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.AtLeast(Samples, 1);
        Guard.AtLeast(ChunkSize, 1);
    }
}
