using static TorchSharp.torch;

namespace GenModels.Divergences;

/// <summary>
/// Measures of, and between, batches of discrete distributions, in nats and differentiable with respect to both inputs.
/// </summary>
/// <remarks>
/// <para>
/// The classes are the last dimension: <c>[batch, classes]</c> gives <c>[batch]</c>. Any number of dimensions may come before. Both inputs have
/// one shape, one type (float32 or float64) and one device.
/// </para>
/// <para>
/// Probabilities must be finite, at least 0 and sum to 1 in every row, within 1e-6 for float64 and 1e-3 for float32. With <c>fromLogits</c> the
/// rows are logits, whose softmax is meant; they may be anything but NaN and +∞, and −∞ (probability 0) unless a whole row is.
/// Prefer logits where they are at hand: a probability that underflows is 0, its logit is not.
/// </para>
/// <para>
/// Divergences are sums of terms p·log(p/q) − p + q and the like, which for rows that sum to 1 is the definition. So they are never negative, exactly 0 for equal inputs, and their gradients
/// with respect to probabilities are those along the simplex: they differ from those of Σ p·log(p/q) by a constant in each row,
/// which cancels in anything that keeps the row's sum. Elements of probability 0 contribute a gradient of 0 where the true one is infinite.
/// </para>
/// </remarks>
public static class TensorDivergence
{
    private const long Classes = -1;

    private static readonly double Log2 = Math.Log(2);

    /// <summary>Entropy −Σ p log p of each row, in [0, log classes].</summary>
    /// <param name="p">Probabilities, or logits: [..., classes].</param>
    /// <param name="fromLogits">The rows are logits.</param>
    /// <returns>[...]</returns>
    /// <exception cref="ArgumentException">The type is neither float32 nor float64, a dimension is missing, or a row is no distribution.</exception>
    public static Tensor Entropy(Tensor p, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var rows = TensorRows.Of(p, fromLogits, nameof(p));
        return (-(rows.Probabilities * rows.Logs(rows.Significant)).sum(Classes)).clamp(min: 0.0).MoveToOuterDisposeScope();
    }

    /// <summary>Cross-entropy −Σ p log q of each row; +∞ where q = 0 &lt; p.</summary>
    /// <param name="p">Probabilities of the reference, or logits: [..., classes].</param>
    /// <param name="q">Probabilities of the model, or logits, in the same shape.</param>
    /// <param name="fromLogits">The rows of both are logits.</param>
    /// <returns>[...]</returns>
    /// <exception cref="ArgumentException">
    /// Shapes, types or devices differ, the type is neither float32 nor float64, a dimension is missing, or a row is no distribution.
    /// </exception>
    public static Tensor CrossEntropy(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        var terms = (-(a.Probabilities * b.Logs(b.Positive))).masked_fill(a.Positive.logical_and(b.Zero), double.PositiveInfinity);
        return terms.sum(Classes).clamp(min: 0.0).MoveToOuterDisposeScope();
    }

    /// <summary>Relative entropy KL(p‖q) = Σ p log(p/q) of each row: at least 0, exactly 0 for equal rows, +∞ where q = 0 &lt; p.</summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor KullbackLeibler(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        return RelativeEntropy(a, b).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Generalised Kullback-Leibler divergence Σ p log(p/q) − p + q of each row of positive numbers that need not sum to 1: at least 0,
    /// exactly 0 for equal rows, +∞ where q = 0 &lt; p.
    /// </summary>
    /// <param name="p">Finite values of the reference, at least 0: [..., classes].</param>
    /// <param name="q">Finite values of the model, at least 0, in the same shape.</param>
    /// <returns>[...]</returns>
    /// <exception cref="ArgumentException">
    /// Shapes, types or devices differ, the type is neither float32 nor float64, a dimension is missing, or an element is negative or not finite.
    /// </exception>
    public static Tensor GeneralizedKullbackLeibler(Tensor p, Tensor q)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.UnnormalizedPair(p, q);
        return RelativeEntropy(a, b).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Jensen-Shannon divergence ½KL(p‖m) + ½KL(q‖m) with m = ½(p + q) of each row: symmetric, in [0, log 2], exactly 0 for equal rows.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor JensenShannon(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        return MeanDivergenceFromMixture(a, b).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Jensen-Shannon distance of each row, the square root of <see cref="JensenShannon"/>: a metric in [0, √log 2]. Its gradient, which has
    /// no limit where the rows are equal, is 0 there.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor JensenShannonDistance(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        return Root(MeanDivergenceFromMixture(a, b)).MoveToOuterDisposeScope();
    }

    /// <summary>Total variation distance ½Σ|p − q| of each row, in [0, 1].</summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor TotalVariation(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        return ((a.Probabilities - b.Probabilities).abs().sum(Classes) / 2.0).clamp(max: 1.0).MoveToOuterDisposeScope();
    }

    /// <summary>Hellinger distance √(½Σ(√p − √q)²) of each row, in [0, 1]. Its gradient is 0 where the rows are equal.</summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor Hellinger(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        var roots = (Root(a.Probabilities) + Root(b.Probabilities)).masked_fill(a.Zero.logical_and(b.Zero), 1.0);
        var steps = (b.Probabilities - a.Probabilities) / roots;
        return Root((steps.square().sum(Classes) / 2.0).clamp(max: 1.0)).MoveToOuterDisposeScope();
    }

    /// <summary>Jeffreys divergence KL(p‖q) + KL(q‖p) of each row: symmetric, at least 0, +∞ where just one of p and q is 0.</summary>
    /// <inheritdoc cref="CrossEntropy" path="/param|/returns|/exception"/>
    public static Tensor Jeffreys(Tensor p, Tensor q, bool fromLogits = false)
    {
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        return (RelativeEntropy(a, b) + RelativeEntropy(b, a)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Rényi divergence log(Σ pᵅ q¹⁻ᵅ) / (α − 1) of each row, and its limits at α = 0, 1 and ∞: see
    /// <see cref="Divergence.Renyi(ReadOnlySpan{double}, ReadOnlySpan{double}, double, LogBase, bool)"/>.
    /// </summary>
    /// <param name="p">Probabilities of the reference, or logits: [..., classes].</param>
    /// <param name="q">Probabilities of the model, or logits, in the same shape.</param>
    /// <param name="order">α: at least 0, <see cref="double.PositiveInfinity"/> included.</param>
    /// <param name="fromLogits">The rows of both are logits.</param>
    /// <returns>[...]</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is negative or NaN.</exception>
    /// <exception cref="ArgumentException">
    /// Shapes, types or devices differ, the type is neither float32 nor float64, a dimension is missing, or a row is no distribution.
    /// </exception>
    public static Tensor Renyi(Tensor p, Tensor q, double order, bool fromLogits = false)
    {
        Guard.Within(order, 0, double.PositiveInfinity);
        using var scope = NewDisposeScope();
        var (a, b) = TensorRows.Pair(p, q, fromLogits);
        var result = order switch
        {
            0 => MissedMass(a, b),
            1 => RelativeEntropy(a, b),
            double.PositiveInfinity => LargestLogRatio(a, b),
            _ => OrdinaryRenyi(a, b, order),
        };
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The sum over classes of p·log(p/q) − p + q, which is p·(exp(u) − 1 − u) with u = log(q/p).</summary>
    private static Tensor RelativeEntropy(TensorRows p, TensorRows q)
    {
        var both = p.Significant.logical_and(q.Positive);
        var logRatios = TensorRows.LogRatios(p, q, both);
        var near = IsNear(logRatios);
        var terms = where(
            near,
            p.Probabilities * ExponentialSeries(logRatios.masked_fill(near.logical_not(), 0.0)),
            q.Probabilities - p.Probabilities - p.Probabilities * logRatios);
        terms = where(both, terms, q.Probabilities).masked_fill(p.Positive.logical_and(q.Zero), double.PositiveInfinity);
        return terms.sum(Classes);
    }

    /// <summary>With m = ½(p + q) and d = (q − p)/(p + q): ½m·[(1 − d)·log(1 − d) + (1 + d)·log(1 + d)] summed over classes, by its series near 0.</summary>
    private static Tensor MeanDivergenceFromMixture(TensorRows p, TensorRows q)
    {
        var neither = p.Significant.logical_or(q.Significant).logical_not();
        var sums = (p.Probabilities + q.Probabilities).masked_fill(neither, 1.0);
        var shares = (q.Probabilities - p.Probabilities) / sums;
        var near = IsNear(shares);

        var square = shares.masked_fill(near.logical_not(), 0.0).square();
        var series = square * (1.0 / 132);
        foreach (int k in (int[])[5, 4, 3, 2, 1]) series = square * (series + 1.0 / (2 * k * (2 * k - 1)));

        var direct = WithLog(p, sums) + WithLog(q, sums);
        var terms = where(near, sums / 2.0 * series, direct / 2.0).masked_fill(neither, 0.0);
        return terms.sum(Classes).clamp(max: Log2);

        static Tensor WithLog(TensorRows rows, Tensor sums) =>
            rows.Probabilities * (rows.Probabilities * 2.0 / sums).masked_fill(rows.Significant.logical_not(), 1.0).log();
    }

    /// <summary>−log of the mass that q puts where p is positive: by what it puts elsewhere, unless that is most of it.</summary>
    private static Tensor MissedMass(TensorRows p, TensorRows q)
    {
        var hit = q.Probabilities.masked_fill(p.Zero, 0.0).sum(Classes);
        var missed = q.Probabilities.masked_fill(p.Positive, 0.0).sum(Classes);
        var few = missed.detach().lt(0.5);
        var none = hit.detach().eq(0.0);
        var logs = where(few, (-missed.masked_fill(few.logical_not(), 0.0)).log1p(), hit.masked_fill(few.logical_or(none), 1.0).log());
        return (-logs).clamp(min: 0.0).masked_fill(none, double.PositiveInfinity);
    }

    private static Tensor LargestLogRatio(TensorRows p, TensorRows q)
    {
        var both = p.Significant.logical_and(q.Positive);
        var (largest, _) = (-TensorRows.LogRatios(p, q, both)).max(Classes);
        return largest.clamp(min: 0.0).masked_fill(p.Positive.logical_and(q.Zero).any(Classes), double.PositiveInfinity);
    }

    private static Tensor OrdinaryRenyi(TensorRows p, TensorRows q, double order)
    {
        // Near order 0 the terms cancel in one direction; in the other the powers are the same and the terms do not.
        bool swap = order < 0.5;
        var (a, b) = swap ? (q, p) : (p, q);
        var (alpha, beta) = swap ? (1 - order, order) : (order, 1 - order);

        var both = a.Significant.logical_and(b.Significant);
        var logRatios = TensorRows.LogRatios(a, b, both);
        var (widest, _) = logRatios.detach().abs().max(Classes);
        var close = widest.le(1 / Math.Max(1, Math.Abs(beta)));
        var excess = PowerExcess(a, b, logRatios.masked_fill(close.logical_not().unsqueeze(Classes), 0.0), both, alpha, beta);
        // log(1 + excess) is precise while the excess is small; elsewhere the sum itself, by its logarithm, is.
        close = close.logical_and(excess.detach().ge(-0.5));

        var logs = (a.Logs(both) * alpha + b.Logs(both) * beta).masked_fill(both.logical_not(), double.NegativeInfinity);
        var infinite = both.any(Classes).logical_not();
        if (beta < 0) infinite = infinite.logical_or(a.Positive.logical_and(b.Zero).any(Classes));
        var direct = logs.masked_fill(close.logical_or(infinite).unsqueeze(Classes), 0.0).logsumexp(Classes);

        var result = where(close, excess.masked_fill(close.logical_not(), 0.0).log1p(), direct) / (order - 1);
        return result.clamp(min: 0.0).masked_fill(infinite, double.PositiveInfinity);
    }

    /// <summary>Σ pᵅ qᵝ − 1 with α + β = 1, as a sum of pᵅ·qᵝ − α·p − β·q, which has one sign.</summary>
    private static Tensor PowerExcess(TensorRows p, TensorRows q, Tensor logRatios, Tensor both, double alpha, double beta)
    {
        var inside = p.Probabilities * (ExpM1MinusX(logRatios * beta) - ExpM1MinusX(logRatios) * beta);
        var outside = -(p.Probabilities * alpha + q.Probabilities * beta);
        return where(both, inside, outside).sum(Classes);
    }

    private static Tensor ExpM1MinusX(Tensor x)
    {
        var near = IsNear(x);
        return where(near, ExponentialSeries(x.masked_fill(near.logical_not(), 0.0)), x.expm1() - x);
    }

    private static Tensor IsNear(Tensor x) => x.detach().abs().lt(0.1);

    /// <summary>exp(x) − 1 − x for |x| &lt; 0.1, by its power series: never negative, and 0 only where x is.</summary>
    private static Tensor ExponentialSeries(Tensor x)
    {
        var series = x / 11.0 + 1.0;
        foreach (int k in (int[])[10, 9, 8, 7, 6, 5, 4, 3]) series = x / k * series + 1.0;
        return x.square() / 2.0 * series;
    }

    /// <summary>√x, with a slope of 0 instead of infinity at 0.</summary>
    private static Tensor Root(Tensor x)
    {
        var zero = x.detach().eq(0.0);
        return x.masked_fill(zero, 1.0).sqrt().masked_fill(zero, 0.0);
    }
}
