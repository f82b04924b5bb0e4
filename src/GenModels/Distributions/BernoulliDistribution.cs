namespace GenModels.Distributions;

/// <summary>The distribution of a bit: 1 with probability p, else 0.</summary>
public sealed record BernoulliDistribution : IDistribution<int>
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="probability">p, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="probability"/> lies outside [0, 1] or is NaN.</exception>
    public BernoulliDistribution(double probability) => Probability = Guard.Within(probability, 0, 1);

    /// <summary>The probability of 1.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public double LogDensity(int value) => value switch
    {
        0 => Numerics.Elementary.Log1P(-Probability),
        1 => Math.Log(Probability),
        _ => double.NegativeInfinity,
    };

    /// <inheritdoc/>
    public int[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => random.NextDouble() < Probability ? 1 : 0);
}
