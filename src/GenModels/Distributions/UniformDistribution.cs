using GenModels.Numerics;

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
        Lower = Require.Finite(lower, nameof(lower));
        Upper = Require.Finite(upper, nameof(upper));
        if (upper <= lower) throw new ArgumentOutOfRangeException(nameof(upper), $"upper is {upper}; expected more than lower, which is {lower}.");
    }

    /// <summary>The lower end.</summary>
    public double Lower { get; }

    /// <summary>The upper end.</summary>
    public double Upper { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => value >= Lower && value <= Upper ? -Math.Log(Upper - Lower) : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, long seed) => Draw.Many(count, seed, random => Lower + (Upper - Lower) * random.NextDouble());
}
