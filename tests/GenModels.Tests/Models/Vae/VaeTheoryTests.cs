using GenModels.Distributions;
using GenModels.Divergences;
using GenModels.Evaluation;
using MathNet.Numerics.LinearAlgebra;

namespace GenModels.Tests.Models;

/// <summary>
/// THEORY of the VAE on a linear model, p(x|z) = N(Wz + b, s²I), whose marginal N(b, WWᵀ + s²I) and posterior are known in closed form.
/// </summary>
public sealed class VaeTheoryTests : IDisposable
{
    private const int Size = 5, Latent = 2;
    private const double Deviation = 0.5;
    private readonly Vae _vae = new(new VaeOptions
    {
        ExampleShape = [Size],
        Hidden = [],
        LatentSize = Latent,
        Seed = 3,
        Likelihood = new GaussianLikelihood { StandardDeviation = Deviation },
    });

    public void Dispose() => _vae.Dispose();

    [Fact]
    public void Log_likelihood_is_the_bound_plus_the_divergence_from_the_true_posterior()
    {
        foreach (double[] x in Points())
        {
            var (bound, error) = EstimatedBound(x);
            // Five standard errors of the estimate; the closed forms are exact to rounding in single precision weights.
            (bound + PosteriorGap(x)).Should().BeApproximately(LogMarginal(x), 5 * error + 1e-5);
            ClosedBound(x).Should().BeApproximately(LogMarginal(x) - PosteriorGap(x), 1e-9);
        }
    }

    [Fact]
    public void The_divergence_of_the_joints_bounds_that_of_the_marginals()
    {
        // p̃ is uniform over a few points, so Σ p̃ log p̃ is −log n: both divergences are exact.
        double[][] points = Points();
        double entropy = Math.Log(points.Length);
        double joint = points.Average(x => -entropy - ClosedBound(x)), marginal = points.Average(x => -entropy - LogMarginal(x));
        joint.Should().BeGreaterThan(marginal);
        (joint - marginal).Should().BeApproximately(points.Average(PosteriorGap), 1e-9);
    }

    [Fact]
    public void More_samples_make_the_importance_weighted_bound_tighter()
    {
        foreach (double[] x in Points())
        {
            var (one, five, fifty) = (Bound(x, 1), Bound(x, 5), Bound(x, 50));
            // The gaps are far wider than the standard errors, so that the bounds come in order for any draws.
            five.Mean.Should().BeGreaterThan(one.Mean);
            fifty.Mean.Should().BeGreaterThan(five.Mean);
            fifty.Mean.Should().BeLessThan(LogMarginal(x) + 4 * fifty.StandardError);
            one.Mean.Should().BeApproximately(ClosedBound(x), 5 * one.StandardError + 1e-5, "L₁ is the evidence lower bound");
        }
    }

    private static double[][] Points() => [[0.3, -0.2, 0.9, 0.1, 0.5], [-1, 1.5, 0.2, -0.4, 0], [2, 2, -2, 1, -1]];

    private Matrix<double> Weight(string name, int rows, int columns) =>
        Matrix<double>.Build.Dense(rows, columns, (i, j) => Values(name)[i * columns + j]);

    private float[] Values(string name) => _vae.State[name].detach().view(-1).data<float>().ToArray();

    private Matrix<double> W => Weight("decoder.0.weight", Size, Latent);

    private Vector<double> Residual(double[] x) => Vector<double>.Build.Dense(x) - Weight("decoder.0.bias", Size, 1).Column(0);

    private (Vector<double> Mean, Vector<double> Variance) Posterior(double[] x)
    {
        var heads = Weight("encoder.0.weight", 2 * Latent, Size) * Vector<double>.Build.Dense(x) + Weight("encoder.0.bias", 2 * Latent, 1).Column(0);
        return (heads.SubVector(0, Latent), heads.SubVector(Latent, Latent).PointwiseExp());
    }

    private double LogMarginal(double[] x)
    {
        var covariance = W * W.Transpose() + Matrix<double>.Build.DenseIdentity(Size) * (Deviation * Deviation);
        var r = Residual(x);
        return -0.5 * (r * covariance.Inverse() * r + Math.Log(covariance.Determinant()) + Size * Math.Log(2 * Math.PI));
    }

    private double ClosedBound(double[] x)
    {
        var (mean, variance) = Posterior(x);
        double variance2 = Deviation * Deviation;
        double squared = (Residual(x) - W * mean).DotProduct(Residual(x) - W * mean) + (W.PointwisePower(2) * variance).Sum();
        double reconstruction = -0.5 * (squared / variance2 + Size * Math.Log(2 * Math.PI * variance2));
        return reconstruction - 0.5 * (mean.PointwisePower(2) + variance - 1 - variance.PointwiseLog()).Sum();
    }

    private double PosteriorGap(double[] x)
    {
        var precision = Matrix<double>.Build.DenseIdentity(Latent) + W.Transpose() * W / (Deviation * Deviation);
        var covariance = precision.Inverse();
        var exact = covariance * W.Transpose() * Residual(x) / (Deviation * Deviation);
        var (mean, variance) = Posterior(x);
        return KullbackLeibler.Between(
            new MultivariateNormalDistribution([.. mean], Matrix<double>.Build.DenseOfDiagonalVector(variance).ToArray()),
            new MultivariateNormalDistribution([.. exact], covariance.ToArray()));
    }

    private static torch.Tensor Copies(double[] x, int count) => torch.tensor(x, dtype: torch.float32).unsqueeze(0).expand([count, Size]).contiguous();

    private (double Mean, double Error) EstimatedBound(double[] x)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        var copies = Copies(x, 500);
        double[] bounds = [.. Enumerable.Range(0, 100).Select(_ => -_vae.Evaluate(copies, generator).Loss)];
        return MeanAndError(bounds);
    }

    private MeanEstimate Bound(double[] x, int samples)
    {
        using var scope = torch.NewDisposeScope();
        return ImportanceSampling.Estimate(_vae, Examples.Of(Copies(x, 2_000)), new ImportanceSamplingOptions { Samples = samples }).LogLikelihood;
    }

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length));
    }
}
