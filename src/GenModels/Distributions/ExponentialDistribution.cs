namespace GenModels.Distributions;

/// <summary>The exponential distribution, with density λ·exp(−λx) for x ≥ 0.</summary>
public sealed record ExponentialDistribution : IDistribution<double>
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="rate">λ, finite and greater than 0; the mean is 1/λ.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> lies outside its range or is NaN.</exception>
    public ExponentialDistribution(double rate) => Rate = Guard.Positive(rate);

    /// <summary>λ.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => value >= 0 ? Math.Log(Rate) - Rate * value : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => random.NextExponential() / Rate);
}
