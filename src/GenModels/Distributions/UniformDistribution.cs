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
                nameof(upper), $"upper is {Guard.Text(upper)}, expected more than the lower end, which is {Guard.Text(lower)}.");
    }

    /// <summary>The lower end.</summary>
    public double Lower { get; }

    /// <summary>The upper end.</summary>
    public double Upper { get; }

    /// <summary>The logarithm of the distance between the ends, which may itself exceed the largest double.</summary>
    internal double LogWidth => double.IsFinite(Upper - Lower) ? Math.Log(Upper - Lower) : Math.Log(Upper / 2 - Lower / 2) + Math.Log(2);

    /// <inheritdoc/>
    public double LogDensity(double value) => value >= Lower && value <= Upper ? -LogWidth : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => At(random.NextDouble()));

    private double At(double share) => double.IsFinite(Upper - Lower)
        ? Lower + (Upper - Lower) * share
        : 2 * (Lower / 2 + (Upper / 2 - Lower / 2) * share);
}
