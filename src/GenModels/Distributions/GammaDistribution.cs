using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The gamma distribution, with density βᵅ·x^(α − 1)·exp(−βx) / Γ(α) for x &gt; 0.</summary>
public sealed record GammaDistribution : IDistribution<double>
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="shape">α, finite and greater than 0.</param>
    /// <param name="rate">β, finite and greater than 0: the inverse of the scale that SciPy takes. The mean is α/β.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range or is NaN.</exception>
    public GammaDistribution(double shape, double rate)
    {
        Shape = Guard.Positive(shape);
        Rate = Guard.Positive(rate);
    }

    /// <summary>α.</summary>
    public double Shape { get; }

    /// <summary>β.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => value > 0
        ? Shape * Math.Log(Rate) + (Shape - 1) * Math.Log(value) - Rate * value - GammaFunctions.LogGamma(Shape)
        : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random =>
        // Rounding must not put a draw on the edge of the open support.
        Math.Max(double.Epsilon, Math.Exp(Draw.LogGamma(random, Shape)) / Rate));
}
