namespace GenModels.Evaluation;

/// <summary>Settings of <see cref="KernelDistance"/>. Immutable; checked when used.</summary>
public sealed record KernelDistanceOptions
{
    /// <summary>What compares two points.</summary>
    /// <value>Default <see cref="PolynomialKernel"/>.</value>
    public DiscrepancyKernel Kernel { get; init; } = new PolynomialKernel();

    /// <summary>How many pairs of subsets are drawn.</summary>
    /// <value>Default 100. Range: at least 2.</value>
    public int Subsets { get; init; } = 100;

    /// <summary>
    /// How many points each subset has; a set with fewer gives all it has. With two such sets there is one estimate, without a standard error.
    /// </summary>
    /// <value>Default 1,000. Range: at least 2.</value>
    public int SubsetSize { get; init; } = 1_000;

    /// <summary>Decides the subsets.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.NotNull(Kernel).Validate();
        Guard.AtLeast(Subsets, 2);
        Guard.AtLeast(SubsetSize, 2);
    }
}
