using GenModels.Distributions;
using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

/// <summary>Maximum likelihood is min KL(p_data‖q).</summary>
public class MaximumLikelihoodTests
{
    private static readonly NormalDistribution Truth = new(1.5, 0.7);
    private static readonly double[] Samples = Truth.Sample(20_000, 3);

    [Fact]
    public void The_maximum_likelihood_fit_and_the_KL_minimiser_coincide_on_samples_of_a_known_Gaussian()
    {
        var fit = NormalDistribution.Fit(Samples);
        var (mean, deviation) = MinimizeKullbackLeibler();
        mean.Should().BeApproximately(fit.Mean, 1e-7);
        deviation.Should().BeApproximately(fit.StandardDeviation, 1e-7);

        // Both are the truth within five standard errors, σ/√n and σ/√2n.
        double error = Truth.StandardDeviation / Math.Sqrt(Samples.Length);
        mean.Should().BeApproximately(Truth.Mean, 5 * error);
        deviation.Should().BeApproximately(Truth.StandardDeviation, 5 * error / Math.Sqrt(2));
        KullbackLeibler.Between(Truth, fit).Should().BeLessThan(25.0 / Samples.Length);
    }

    [Fact]
    public void Every_other_Gaussian_is_farther_from_the_samples()
    {
        var fit = NormalDistribution.Fit(Samples);
        double least = FromSamples(fit);
        foreach (double step in (double[])[-0.3, -0.01, 0.01, 0.3])
        {
            NormalDistribution moved = new(fit.Mean + step, fit.StandardDeviation), wider = new(fit.Mean, fit.StandardDeviation * Math.Exp(step));
            // For Gaussians the excess is itself a divergence: KL(data‖q) − KL(data‖fit) = KL(fit‖q).
            (FromSamples(moved) - least).Should().BeApproximately(KullbackLeibler.Between(fit, moved), 1e-10).And.BePositive();
            (FromSamples(wider) - least).Should().BeApproximately(KullbackLeibler.Between(fit, wider), 1e-10).And.BePositive();
        }
    }

    [Fact]
    public void For_counts_the_mean_log_likelihood_is_less_the_divergence_and_the_entropy_of_the_data()
    {
        double[] counts = [7, 2, 11], data = [0.35, 0.1, 0.55];
        foreach (double[] q in (double[][])[[0.2, 0.3, 0.5], [0.35, 0.1, 0.55], [0.6, 0.2, 0.2]])
        {
            double meanLogLikelihood = counts.Zip(q, (count, probability) => count * Math.Log(probability)).Sum() / counts.Sum();
            meanLogLikelihood.Should().BeApproximately(-Divergence.KullbackLeibler(data, q) - Divergence.Entropy(data), 1e-14);
        }
    }

    /// <summary>KL from the samples' distribution, up to its entropy, which no q changes: the mean of log truth − log q.</summary>
    private static double FromSamples(NormalDistribution q) => Samples.Average(x => Truth.LogDensity(x) - q.LogDensity(x));

    /// <summary>Newton's method on the divergence alone, with differences for derivatives: it knows nothing of means and deviations.</summary>
    private static (double Mean, double Deviation) MinimizeKullbackLeibler()
    {
        const double Step = 1e-3;
        double mean = 1, logDeviation = 0;
        for (int round = 0; round < 100; round++)
        {
            mean -= NewtonStep(x => FromSamples(new(x, Math.Exp(logDeviation))), mean);
            logDeviation -= Math.Clamp(NewtonStep(x => FromSamples(new(mean, Math.Exp(x))), logDeviation), -0.3, 0.3);
        }
        return (mean, Math.Exp(logDeviation));

        static double NewtonStep(Func<double, double> f, double x)
        {
            double ahead = f(x + Step), behind = f(x - Step), far = f(x + 2 * Step), farBehind = f(x - 2 * Step);
            double slope = (8 * (ahead - behind) - (far - farBehind)) / (12 * Step);
            double curvature = (ahead - 2 * f(x) + behind) / (Step * Step);
            return slope / curvature;
        }
    }
}
