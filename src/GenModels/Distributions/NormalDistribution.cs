using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The normal distribution N(μ, σ²) of a number.</summary>
public sealed record NormalDistribution : IDistribution<double>
{
    /// <summary>Makes N(μ, σ²).</summary>
    /// <param name="mean">μ, finite.</param>
    /// <param name="standardDeviation">σ, finite and greater than 0: not the variance.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range or is NaN.</exception>
    public NormalDistribution(double mean, double standardDeviation)
    {
        Mean = Guard.Finite(mean);
        StandardDeviation = Guard.Positive(standardDeviation);
    }

    /// <summary>μ.</summary>
    public double Mean { get; }

    /// <summary>σ.</summary>
    public double StandardDeviation { get; }

    /// <summary>
    /// The maximum-likelihood fit: the samples' mean and their standard deviation with divisor n. Among all normals it has the smallest
    /// relative entropy from the samples' distribution (Bishop, <i>Pattern Recognition and Machine Learning</i>, section 1.6.1).
    /// </summary>
    /// <param name="samples">At least two different finite numbers.</param>
    /// <exception cref="ArgumentException">The samples are fewer, all equal, or not all finite.</exception>
    public static NormalDistribution Fit(ReadOnlySpan<double> samples)
    {
        double[] values = Guard.Each(Guard.Finite, samples);
        // Around 1, so that neither the sum nor a square leaves a double's range.
        int exponent = values.Max(Math.Abs) is > 0 and var largest ? Math.ILogB(largest) : 0;
        double[] scaled = Array.ConvertAll(values, x => Math.ScaleB(x, -exponent));
        double mean = scaled.Average();
        double variance = scaled.Average(x => (x - mean) * (x - mean));
        if (!(variance > 0))
            throw new ArgumentException("All samples are equal, expected at least two different ones, for a standard deviation above 0.", nameof(samples));
        return new(Math.ScaleB(mean, exponent), Math.ScaleB(Math.Sqrt(variance), exponent));
    }

    /// <inheritdoc/>
    public double LogDensity(double value)
    {
        double z = Elementary.DifferenceOver(value, Mean, StandardDeviation);
        return -z * z / 2 - Math.Log(StandardDeviation) - Math.Log(2 * Math.PI) / 2;
    }

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => Mean + StandardDeviation * random.NextNormal());
}
