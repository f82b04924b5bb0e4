using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>Brings each column to mean 0 and standard deviation 1, and back: (x − mean)/deviation. Immutable, and holds no native memory.</summary>
public sealed class StandardScaler
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    /// <summary>Makes a scaler of known figures.</summary>
    /// <param name="means">The mean of each column, finite.</param>
    /// <param name="deviations">As many standard deviations, finite and above 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside its range.</exception>
    public StandardScaler(ReadOnlySpan<double> means, ReadOnlySpan<double> deviations)
    {
        _means = Guard.Each(Guard.Finite, means);
        _deviations = Guard.Each(Guard.Positive, deviations);
        Guard.SameLength(deviations.Length, means.Length, nameof(deviations), nameof(means));
    }

    /// <summary>The mean of each column.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>What each column is divided by: its standard deviation, or 1 where it is constant.</summary>
    public IReadOnlyList<double> Deviations => _deviations;

    /// <summary>Takes means and standard deviations (over n, not n − 1) from some rows.</summary>
    /// <param name="rows">Shape [n, columns], any floating type, finite.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or a value is not finite.</exception>
    public static StandardScaler Fit(Tensor rows)
    {
        Guard.NotNull(rows);
        if (rows.ndim != 2 || rows.numel() == 0)
            throw new ArgumentException($"The rows have the shape {Guard.Shape(rows.shape)}, expected [n, columns] with at least one row.", nameof(rows));
        using var scope = NewDisposeScope();
        var values = rows.detach().cpu().to(float64);
        if (!values.isfinite().all().item<bool>()) throw new ArgumentException("A row has values that are NaN or infinite, expected finite ones.", nameof(rows));
        var mean = values.mean([0]);
        var deviation = (values - mean).square().mean([0]).sqrt();
        // What rounding leaves of a constant column is no spread.
        var constant = deviation.le(1e-14 * mean.abs());
        return new(mean.data<double>().ToArray(), deviation.masked_fill(constant, 1).data<double>().ToArray());
    }

    /// <summary>(x − mean)/deviation.</summary>
    /// <param name="rows">Shape [n, columns].</param>
    /// <returns>The same shape, in single precision on the CPU as models take it; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The number of columns is another.</exception>
    public Tensor Transform(Tensor rows)
    {
        Guard.Rows(rows, [_means.Length]);
        using var scope = NewDisposeScope();
        return ((rows.detach().cpu().to(float64) - tensor(_means)) / tensor(_deviations)).to(float32).MoveToOuterDisposeScope();
    }

    /// <summary>x·deviation + mean.</summary>
    /// <param name="rows">Shape [n, columns].</param>
    /// <returns>The same shape, in double precision on the CPU; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The number of columns is another.</exception>
    public Tensor Inverse(Tensor rows)
    {
        Guard.Rows(rows, [_means.Length]);
        using var scope = NewDisposeScope();
        return (rows.detach().cpu().to(float64) * tensor(_deviations) + tensor(_means)).MoveToOuterDisposeScope();
    }
}
