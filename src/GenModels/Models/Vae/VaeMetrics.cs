namespace GenModels;

/// <summary>The terms of a VAE's objective, means over a batch in nats per example.</summary>
/// <param name="Loss">
/// <paramref name="Reconstruction"/> + β·<paramref name="Kl"/>: −ELBO where β = 1, more where free bits count. With importance samples −L_k, at most their sum.
/// </param>
/// <param name="Reconstruction">−log p(x|z) for one z drawn from q(z|x); with importance samples its mean over the draws.</param>
/// <param name="Kl">KL(q(z|x) ‖ N(0, I)); with importance samples estimated from the draws, as the mean of log q(z|x) − log p(z).</param>
public sealed record VaeMetrics(double Loss, double Reconstruction, double Kl) : IMetrics
{
    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Named => [("loss", Loss), ("reconstruction", Reconstruction), ("kl", Kl)];

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine(Named);
}
