namespace GenModels.Evaluation;

/// <summary>The mean of a figure over examples.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">s/√n with the unbiased standard deviation s of the n values; NaN for a single value.</param>
public readonly record struct MeanEstimate(double Mean, double StandardError)
{
    /// <summary>The mean of some values.</summary>
    /// <param name="values">At least one.</param>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static MeanEstimate Of(IReadOnlyCollection<double> values)
    {
        if (Guard.NotNull(values).Count == 0) throw new ArgumentException("There are no values, expected at least one.", nameof(values));
        double mean = values.Average();
        double squares = values.Sum(v => (v - mean) * (v - mean));
        return new(mean, Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }

    /// <summary>Mean ± standard error.</summary>
    public override string ToString() => FormattableString.Invariant($"{Mean:G6} ± {StandardError:G2}");
}
