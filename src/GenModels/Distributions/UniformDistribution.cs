namespace GenModels.Distributions;

/// <summary>The uniform distribution on an interval.</summary>
public sealed record UniformDistribution : IDistribution<double>
{
    /// <summary>Makes the distribution on [lower, upper].</summary>
    /// <param name="lower">Finite.</param>
    /// <param name="upper">Finite and greater than <paramref name="lower"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is empty, or an end is not finite.</exception>
    public UniformDistribution(double lower, double upper)
    {
        Lower = Guard.Finite(lower);
        Upper = Guard.Finite(upper);
        if (upper <= lower)
            throw new ArgumentOutOfRangeException(
                nameof(upper), upper, $"upper is {Guard.Text(upper)}, expected more than the lower end, which is {Guard.Text(lower)}.");
    }

    /// <summary>The lower end.</summary>
    public double Lower { get; }

    /// <summary>The upper end.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => value >= Lower && value <= Upper ? -Math.Log(Upper - Lower) : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => Lower + (Upper - Lower) * random.NextUniform());
}
