using System.Globalization;

namespace GenModels.Evaluation;

/// <summary>The mean of a figure over examples.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">
/// s/√n with the unbiased standard deviation s of the n values; NaN where a single value leaves it unknown, as <see cref="HasStandardError"/> tells.
/// </param>
public readonly record struct MeanEstimate(double Mean, double StandardError)
{
    /// <summary>Whether there is a standard error.</summary>
    public bool HasStandardError => !double.IsNaN(StandardError);

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

    /// <summary>Mean ± standard error, or the mean alone where there is no standard error.</summary>
    public override string ToString() => ToString("G6", "G2");

    /// <summary>The same in given formats.</summary>
    internal string ToString(string mean, string error)
    {
        string text = Mean.ToString(mean, CultureInfo.InvariantCulture);
        return HasStandardError ? $"{text} ± {StandardError.ToString(error, CultureInfo.InvariantCulture)}" : text;
    }
}
