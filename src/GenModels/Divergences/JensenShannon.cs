using GenModels.Distributions;
using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// The Jensen–Shannon divergence JS(p, q) = ½·KL(p‖m) + ½·KL(q‖m) with m = ½(p + q) (Lin 1991, equation 4.1) between parametric distributions,
/// in nats. From 0, where p = q, to log 2, where no outcome is possible under both.
/// </summary>
/// <remarks>
/// There is no closed form even for two normal distributions. Between vectors of probabilities <see cref="Divergence.JensenShannon"/> is exact, and
/// between sets of samples there is <see cref="SampleDivergence.JensenShannon(double[,], double[,], int)"/>.
/// </remarks>
public static class JensenShannon
{
    /// <summary>The Monte-Carlo estimate: the mean of log(p/m) over draws of p and of log(q/m) over draws of q, and its standard error.</summary>
    /// <remarks>Unbiased, so that it can come out outside [0, log 2] by a few standard errors.</remarks>
    /// <typeparam name="T">The outcomes.</typeparam>
    /// <param name="p">One distribution, which is sampled.</param>
    /// <param name="q">The other, which is sampled too.</param>
    /// <param name="samples">How many draws of each, at least 2.</param>
    /// <param name="seed">Decides the draws; the same seed gives the same estimate.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 2.</exception>
    public static DivergenceEstimate Estimate<T>(IDistribution<T> p, IDistribution<T> q, int samples, ulong seed)
    {
        Guard.NotNull(p);
        Guard.NotNull(q);
        Guard.AtLeast(samples, 2);
        var (ofP, ofQ) = (Side(p, q, p.Sample(samples, seed)), Side(q, p, q.Sample(samples, ~seed)));
        return new((ofP.Mean + ofQ.Mean) / 2, Math.Sqrt((ofP.Variance + ofQ.Variance) / samples) / 2);
    }

    /// <summary>log(p/m) of an outcome, from log(p/q): log 2 − log(1 + q/p), in [−∞, log 2].</summary>
    internal static double Term(double logRatio) => Math.Log(2) - Softplus(-logRatio);

    private static (double Mean, double Variance) Side<T>(IDistribution<T> p, IDistribution<T> q, T[] draws)
    {
        double[] terms = Array.ConvertAll(draws, x => Term(p.LogDensity(x) - q.LogDensity(x)));
        double mean = CompensatedSum.Of(terms) / terms.Length;
        return (mean, terms.Sum(term => (term - mean) * (term - mean)) / (terms.Length - 1));
    }

    private static double Softplus(double x) => x > 0 ? x + double.LogP1(Math.Exp(-x)) : double.LogP1(Math.Exp(x));
}
