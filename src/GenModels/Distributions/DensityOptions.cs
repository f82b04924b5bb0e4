namespace GenModels.Distributions;

/// <summary>How a <see cref="GaussianMixture"/> is fitted. Immutable; checked when used.</summary>
public sealed record DensityOptions
{
    /// <summary>The number of normal distributions, each with a covariance of its own. One is a full-covariance Gaussian.</summary>
    /// <value>Default 1. Range: at least 1, and at most the number of points.</value>
    public int Components { get; init; } = 1;

    /// <summary>The most steps that expectation-maximization takes.</summary>
    /// <value>Default 200. Range: at least 1.</value>
    public int MaximumIterations { get; init; } = 200;

    /// <summary>The gain in mean log-likelihood, in nats a point, at which a step is the last.</summary>
    /// <value>Default 1e−6. Range: 0 or more.</value>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>
    /// The least variance that a component may have in any direction, as a share of the variance of the points (the mean over their
    /// dimensions; 1 where all points are equal). It keeps a component from collapsing onto one point or a plane.
    /// </summary>
    /// <value>Default 1e−6. Range: [1e−12, 1).</value>
    public double CovarianceFloor { get; init; } = 1e-6;

    /// <summary>Decides where the components start.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.AtLeast(Components, 1);
        Guard.AtLeast(MaximumIterations, 1);
        Guard.NotNegative(Tolerance);
        Guard.InHalfOpen(CovarianceFloor, 1e-12, 1);
    }
}
