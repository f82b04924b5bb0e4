namespace GenModels.Evaluation;

/// <summary>What <see cref="ImportanceSampling"/> found.</summary>
/// <param name="LogLikelihood">The estimate of log p(x) in nats, its mean over the examples.</param>
/// <param name="Values">The estimate for each example.</param>
/// <param name="EffectiveSampleSize">
/// (Σ w)²/Σ w², the number of equally weighted draws that would tell as much, in [1, k] (Kong 1992); its mean over the examples. Near 1 a
/// single draw decides, and the estimate lies well below log p(x).
/// </param>
public sealed record LogLikelihoodEstimate(MeanEstimate LogLikelihood, IReadOnlyList<double> Values, double EffectiveSampleSize)
{
    /// <summary>The means over the examples in a line.</summary>
    public override string ToString() =>
        $"{LogLikelihood} nats over {Guard.Text(Values.Count)} examples, effective sample size {FigureText.Short(EffectiveSampleSize)}";
}
