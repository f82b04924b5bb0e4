using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The Laplace distribution, with density exp(−|x − μ|/b) / 2b.</summary>
public sealed record LaplaceDistribution : IDistribution<double>
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="mean">μ, finite.</param>
    /// <param name="scale">b, finite and greater than 0; the variance is 2b².</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range or is NaN.</exception>
    public LaplaceDistribution(double mean, double scale)
    {
        Mean = Guard.Finite(mean);
        Scale = Guard.Positive(scale);
    }

    /// <summary>μ.</summary>
    public double Mean { get; }

    /// <summary>b.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => -Math.Abs(Elementary.DifferenceOver(value, Mean, Scale)) - Math.Log(Scale) - Math.Log(2);

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random =>
    {
        double distance = Scale * random.NextExponential();
        return random.NextDouble() < 0.5 ? Mean - distance : Mean + distance;
    });
}
