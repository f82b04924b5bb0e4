namespace GenModels.Distributions;

/// <summary>A mixture and how the fit came to it.</summary>
/// <param name="Mixture">The mixture.</param>
/// <param name="LogLikelihoods">
/// The mean log-likelihood in nats a point before each step of expectation-maximization; it never falls but by rounding.
/// </param>
/// <param name="Converged">Whether the last gain was within the tolerance; false where the steps ran out first.</param>
public sealed record GaussianMixtureFit(GaussianMixture Mixture, IReadOnlyList<double> LogLikelihoods, bool Converged)
{
    /// <summary>How the fit went, in a line.</summary>
    public override string ToString() =>
        $"{Guard.Text(Mixture.Components)} components, log-likelihood {FigureText.Short(LogLikelihoods.LastOrDefault(double.NaN))} nats a point, " +
        $"{(Converged ? "converged" : "not converged")} after {Guard.Text(LogLikelihoods.Count)} steps";
}
