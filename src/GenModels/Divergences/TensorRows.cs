using static TorchSharp.torch;

namespace GenModels.Divergences;

/// <summary>
/// A batch of distributions, and the elements at which neither a logarithm nor a quotient may be taken. What lies there is replaced before
/// the function, not after, or the chain rule would multiply 0 by infinity.
/// </summary>
internal sealed class TensorRows
{
    /// <summary>log p where the rows came as logits; it tells apart what the probabilities round together.</summary>
    private readonly Tensor? _logs;

    private TensorRows(Tensor probabilities, Tensor zero, Tensor negligible, Tensor? logs = null)
    {
        (Probabilities, Zero, _logs) = (probabilities, zero, logs);
        Positive = zero.logical_not();
        Significant = negligible.logical_not();
    }

    public Tensor Probabilities { get; }

    public Tensor Zero { get; }

    public Tensor Positive { get; }

    /// <summary>Not so small that the slope of p·log p overflows, while what it adds is nothing.</summary>
    public Tensor Significant { get; }

    public static TensorRows Of(Tensor rows, bool fromLogits, string name) => fromLogits ? FromLogits(rows, name) : FromProbabilities(rows, name);

    public static (TensorRows P, TensorRows Q) Pair(Tensor p, Tensor q, bool fromLogits)
    {
        CheckAlike(p, q);
        return (Of(p, fromLogits, nameof(p)), Of(q, fromLogits, nameof(q)));
    }

    public static (TensorRows P, TensorRows Q) UnnormalizedPair(Tensor p, Tensor q)
    {
        CheckAlike(p, q);
        return (FromWeights(p, nameof(p)), FromWeights(q, nameof(q)));
    }

    /// <summary>log p at some elements where p is positive, and 0 elsewhere.</summary>
    public Tensor Logs(Tensor at)
    {
        var elsewhere = at.logical_not();
        return _logs is not null ? _logs.masked_fill(elsewhere, 0.0) : Probabilities.masked_fill(elsewhere, 1.0).log();
    }

    /// <summary>log(q/p) at some elements where both are positive, and 0 elsewhere.</summary>
    public static Tensor LogRatios(TensorRows p, TensorRows q, Tensor at)
    {
        if (p._logs is not null) return q.Logs(at) - p.Logs(at);

        // Where p and q are close, their difference is exact and that of their logarithms is not.
        var difference = q.Probabilities - p.Probabilities;
        var close = difference.detach().abs().le(p.Probabilities.detach() * 0.5).logical_and(at);
        var apart = close.logical_not();
        var relative = difference.masked_fill(apart, 0.0) / p.Probabilities.masked_fill(apart, 1.0);
        apart = apart.logical_and(at);
        return relative.log1p() + (q.Logs(apart) - p.Logs(apart));
    }

    private static TensorRows FromLogits(Tensor logits, string name)
    {
        CheckType(logits, name);
        var largest = logits.detach().max(-1).values;
        if (FirstFalse(largest.isfinite()) is { } row)
            throw new ArgumentException(
                $"{name} has a row of logits, number {row}, whose largest is {Guard.Text(Item(largest, row))}, expected rows without NaN and +∞, and not all −∞.", name);

        var logs = logits.log_softmax(-1);
        var zero = logs.detach().eq(double.NegativeInfinity);
        return new(logs.exp(), zero, zero, logs);
    }

    private static TensorRows FromProbabilities(Tensor probabilities, string name)
    {
        var rows = FromWeights(probabilities, name);
        double tolerance = probabilities.dtype == ScalarType.Float64 ? 1e-6 : 1e-3;
        var sums = probabilities.detach().sum(-1);
        if (FirstFalse((sums - 1.0).abs().le(tolerance)) is { } row)
            throw new ArgumentException(
                $"{name} has a row, number {row}, that sums to {Guard.Text(Item(sums, row))}, expected 1 within {Guard.Text(tolerance)}. Divide by the sum, or pass logits.", name);
        return rows;
    }

    private static TensorRows FromWeights(Tensor weights, string name)
    {
        CheckType(weights, name);
        var values = weights.detach();
        if (FirstFalse(values.ge(0.0).logical_and(values.isfinite())) is { } element)
        {
            long classes = weights.shape[^1];
            throw new ArgumentException(
                $"{name} holds {Guard.Text(Item(values, element))} at row {element / classes}, class {element % classes}, expected finite numbers that are at least 0.",
                name);
        }
        double smallestNormal = weights.dtype == ScalarType.Float64 ? 2.2250738585072014e-308 : 1.17549435e-38;
        return new(weights, values.eq(0.0), values.lt(smallestNormal));
    }

    private static void CheckAlike(Tensor p, Tensor q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (!p.shape.SequenceEqual(q.shape))
            throw new ArgumentException($"p has the shape [{string.Join(", ", p.shape)}] and q [{string.Join(", ", q.shape)}], expected the same.", nameof(q));
        if (p.dtype != q.dtype) throw new ArgumentException($"p has the type {p.dtype} and q {q.dtype}, expected the same.", nameof(q));
        if (p.device_type != q.device_type || p.device_index != q.device_index)
            throw new ArgumentException($"p is on {p.device} and q on {q.device}, expected the same device.", nameof(q));
    }

    private static void CheckType(Tensor rows, string name)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        if (rows.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} has the type {rows.dtype}, expected Float32 or Float64.", name);
        if (rows.ndim == 0 || rows.numel() == 0)
            throw new ArgumentException($"{name} has the shape [{string.Join(", ", rows.shape)}], expected [..., classes] with elements.", name);
    }

    private static long? FirstFalse(Tensor flags)
    {
        if (flags.all().item<bool>()) return null;
        return flags.flatten().to(ScalarType.Int64).argmin(0).item<long>();
    }

    private static double Item(Tensor tensor, long index) => tensor.flatten().select(0, index).to(ScalarType.Float64).item<double>();
}
