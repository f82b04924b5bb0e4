using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The normal distribution N(μ, diag σ²) of a vector with independent elements.</summary>
public sealed class DiagonalNormalDistribution : IDistribution<double[]>
{
    private readonly double[] _means;
    private readonly double[] _standardDeviations;

    /// <summary>Makes N(μ, diag σ²). The values are copied.</summary>
    /// <param name="means">μ, finite.</param>
    /// <param name="standardDeviations">σ, each finite and greater than 0, as many as <paramref name="means"/>: not variances.</param>
    /// <exception cref="ArgumentException">There are no elements, or not as many of both.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An element lies outside its range or is NaN; the message names its index.</exception>
    public DiagonalNormalDistribution(ReadOnlySpan<double> means, ReadOnlySpan<double> standardDeviations)
    {
        _means = Guard.Each(Guard.Finite, means);
        _standardDeviations = Guard.Each(Guard.Positive, standardDeviations);
        Guard.SameLength(standardDeviations.Length, means.Length, nameof(standardDeviations), nameof(means));
    }

    /// <summary>The number of elements of an outcome.</summary>
    public int Dimensions => _means.Length;

    /// <summary>μ.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>σ.</summary>
    public IReadOnlyList<double> StandardDeviations => _standardDeviations;

    /// <summary>N(0, I).</summary>
    /// <param name="dimensions">At least 1.</param>
    public static DiagonalNormalDistribution Standard(int dimensions)
    {
        var ones = new double[Guard.AtLeast(dimensions, 1)];
        Array.Fill(ones, 1);
        return new(new double[dimensions], ones);
    }

    /// <summary>Makes N(μ, diag σ²) from log σ², the form in which encoders give it.</summary>
    /// <param name="means">μ, finite.</param>
    /// <param name="logVariances">log σ², finite and within ±1400, as many as <paramref name="means"/>.</param>
    public static DiagonalNormalDistribution FromLogVariances(ReadOnlySpan<double> means, ReadOnlySpan<double> logVariances) =>
        new(means, Array.ConvertAll(Guard.Each(Guard.Finite, logVariances), v => Math.Exp(v / 2)));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="value"/> has not <see cref="Dimensions"/> elements.</exception>
    public double LogDensity(double[] value)
    {
        Guard.SameLength(Guard.NotNull(value).Length, Dimensions, nameof(value), "the mean");
        double sum = 0;
        for (int i = 0; i < Dimensions; i++)
        {
            double z = Elementary.DifferenceOver(value[i], _means[i], _standardDeviations[i]);
            sum -= z * z / 2 + Math.Log(_standardDeviations[i]) + Math.Log(2 * Math.PI) / 2;
        }
        return sum;
    }

    /// <inheritdoc/>
    public double[][] Sample(int count, ulong seed) => Draw.Many(count, seed, random =>
    {
        var draw = new double[Dimensions];
        for (int i = 0; i < Dimensions; i++) draw[i] = _means[i] + _standardDeviations[i] * random.NextNormal();
        return draw;
    });
}
