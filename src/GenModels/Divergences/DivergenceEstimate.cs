namespace GenModels.Divergences;

/// <summary>An estimate of a divergence, in nats.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error; 0 for a value from a closed form.</param>
public readonly record struct DivergenceEstimate(double Value, double StandardError)
{
    /// <summary>Estimate ± standard error in nats, or the value alone where it is exact or infinite.</summary>
    public override string ToString() => StandardError > 0
        ? FormattableString.Invariant($"{Value:G6} ± {StandardError:G2} nats")
        : FormattableString.Invariant($"{Value:G6} nats");
}
