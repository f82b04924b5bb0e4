using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>The beta distribution, with density x^(α − 1)·(1 − x)^(β − 1) / B(α, β) for 0 &lt; x &lt; 1.</summary>
public sealed record BetaDistribution : IDistribution<double>
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="alpha">α, finite and greater than 0.</param>
    /// <param name="beta">β, finite and greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter lies outside its range or is NaN.</exception>
    public BetaDistribution(double alpha, double beta)
    {
        Alpha = Guard.Positive(alpha);
        Beta = Guard.Positive(beta);
    }

    /// <summary>α.</summary>
    public double Alpha { get; }

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public double LogDensity(double value) => value is > 0 and < 1
        ? (Alpha - 1) * Math.Log(value) + (Beta - 1) * Elementary.Log1P(-value)
            + GammaFunctions.LogGamma(Alpha + Beta) - GammaFunctions.LogGamma(Alpha) - GammaFunctions.LogGamma(Beta)
        : double.NegativeInfinity;

    /// <inheritdoc/>
    public double[] Sample(int count, ulong seed) => Draw.Many(count, seed, random =>
    {
        double logOdds = Draw.LogGamma(random, Alpha) - Draw.LogGamma(random, Beta);
        // Rounding must not put a draw on the edge of the open support.
        return Math.Clamp(1 / (1 + Math.Exp(-logOdds)), double.Epsilon, Math.BitDecrement(1));
    });
}
