using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>
/// Expectation-maximization for a mixture of normal distributions whose covariances have no eigenvalue below a floor. Raising the lower
/// eigenvalues of a covariance to the floor is the exact maximum under that constraint, so the likelihood never falls.
/// </summary>
internal static class ExpectationMaximization
{
    public static GaussianMixtureFit Run(Tensor points, DensityOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var generator = RandomGenerator.For(options.Seed, RandomStreams.Density);
        var original = points.to(float64).cpu();
        // Around the mean, where differences of points lose nothing to the distance from the origin.
        var centre = original.mean([0]);
        var x = original - centre;
        double floor = options.CovarianceFloor * Spread(x);

        var logLikelihoods = new List<double>();
        var components = Maximize(x, KMeans.Assign(x, options.Components, generator), floor);
        bool converged = false;
        while (!converged && logLikelihoods.Count < options.MaximumIterations)
        {
            using var step = NewDisposeScope();
            var logJoint = components.LogJoint(x);
            var logDensity = logJoint.logsumexp(1, keepdim: true);
            logLikelihoods.Add(logDensity.mean().item<double>());
            converged = logLikelihoods.Count > 1 && logLikelihoods[^1] - logLikelihoods[^2] <= options.Tolerance;
            if (!converged) components = Maximize(x, (logJoint - logDensity).exp(), floor);
        }
        return new(components.Shifted(centre.data<double>().ToArray()), logLikelihoods, converged);
    }

    private static double Spread(Tensor x)
    {
        double variance = x.square().mean().item<double>();
        return variance > 0 ? variance : 1;
    }

    /// <summary>The mixture that the responsibilities [n, components] of the components for the points lead to.</summary>
    private static GaussianMixture Maximize(Tensor x, Tensor responsibilities, double floor)
    {
        using var scope = NewDisposeScope();
        double[] counts = responsibilities.sum([0]).data<double>().ToArray();
        var parts = counts.Select((count, k) => Moments(x, Share(responsibilities.select(1, k), count, x.shape[0]), floor)).ToList();
        double total = counts.Sum();
        return new GaussianMixture(
            [.. counts.Select(count => count / total)], [.. parts.Select(p => p.Mean)], [.. parts.Select(p => p.Covariance)]);
    }

    /// <summary>What each point contributes to a component. One that no point belongs to, which has the weight 0, gets the moments of them all.</summary>
    private static Tensor Share(Tensor responsibility, double count, long points) =>
        count > 0 ? responsibility / count : ones_like(responsibility) / points;

    private static (double[] Mean, double[,] Covariance) Moments(Tensor x, Tensor share, double floor)
    {
        using var scope = NewDisposeScope();
        var mean = share.matmul(x);
        var centred = x - mean;
        double[] products = (centred * share.unsqueeze(1)).t().matmul(centred).data<double>().ToArray();
        return (mean.data<double>().ToArray(), Floored(products, (int)x.shape[1], floor));
    }

    private static double[,] Floored(double[] products, int n, double floor)
    {
        var (covariance, aboveFloor) = (new double[n, n], new double[n, n]);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                covariance[i, j] = aboveFloor[i, j] = 0.5 * (products[i * n + j] + products[j * n + i]);
        for (int i = 0; i < n; i++) aboveFloor[i, i] -= floor;
        return CholeskyFactor.Of(aboveFloor) is null ? SymmetricEigen.Raise(covariance, floor) : covariance;
    }
}
