namespace GenModels.Divergences;

/// <summary>An estimate of a divergence, in nats.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error; 0 for a value from a closed form.</param>
public readonly record struct DivergenceEstimate(double Value, double StandardError);
