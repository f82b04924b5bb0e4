using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// Measures of, and between, discrete distributions given as spans of probabilities.
/// </summary>
/// <remarks>
/// <para>
/// Every element must be finite and at least 0. Without <c>normalize</c> the elements must sum to 1 within 1e-6; with it they are weights of
/// any sum. Either way the result is that of the distribution divided by its exact sum, so rounding in the last digits of the
/// probabilities cannot turn a divergence negative.
/// </para>
/// <para>
/// 0·log 0 counts as 0. Results are accurate to a few units in the last place, also for distributions that are nearly equal, nearly
/// disjoint, hold subnormal numbers, or have weights from one end of a double's range to the other: each sum is rearranged into terms of one sign
/// that vanish where p = q, each term is computed at its own scale, and they are added with compensation.
/// </para>
/// <para>Definitions: Cover and Thomas, <i>Elements of Information Theory</i>, 2nd edition, chapter 2, unless a member names another source.</para>
/// </remarks>
public static partial class Divergence
{
    private static readonly double Log2 = Math.Log(2);

    /// <summary>Entropy H(p) = −Σ p log p, in [0, log n].</summary>
    /// <param name="p">Probabilities, or weights with <paramref name="normalize"/>.</param>
    /// <param name="logBase">The unit of the result; nats by default.</param>
    /// <param name="normalize">Divide by the sum instead of requiring that it is 1.</param>
    /// <exception cref="ArgumentException">An element is negative, NaN or infinite (the message names its index), or the sum is not 1.</exception>
    public static double Entropy(ReadOnlySpan<double> p, LogBase logBase = default, bool normalize = false)
    {
        var weights = Weights.Check(p, nameof(p), normalize);
        return logBase.FromNats(CrossEntropy(weights, weights));
    }

    /// <summary>Cross-entropy H(p, q) = −Σ p log q, at least H(p); +∞ where q = 0 &lt; p.</summary>
    /// <param name="p">Probabilities of the reference, or weights with <paramref name="normalize"/>.</param>
    /// <param name="q">Probabilities of the model, as many as of <paramref name="p"/>.</param>
    /// <param name="logBase">The unit of the result; nats by default.</param>
    /// <param name="normalize">Divide both by their sums instead of requiring that these are 1.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, an element is negative, NaN or infinite (the message names its index), or a sum is not 1.
    /// </exception>
    public static double CrossEntropy(ReadOnlySpan<double> p, ReadOnlySpan<double> q, LogBase logBase = default, bool normalize = false)
    {
        var pair = new WeightPair(p, q, normalize);
        return logBase.FromNats(CrossEntropy(pair.P, pair.Q));
    }

    /// <summary>
    /// Relative entropy, or Kullback-Leibler divergence, KL(p‖q) = Σ p log(p/q): at least 0, exactly 0 for equal inputs, +∞ where q = 0 &lt; p.
    /// It is directed: KL(p‖q) and KL(q‖p) differ.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy(ReadOnlySpan{double}, ReadOnlySpan{double}, LogBase, bool)" path="/param|/exception"/>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q, LogBase logBase = default, bool normalize = false) =>
        logBase.FromNats(new WeightPair(p, q, normalize).Sum(Terms.KullbackLeibler).ToDouble());

    /// <summary>
    /// Generalised Kullback-Leibler divergence Σ p log(p/q) − p + q of positive functions that need not sum to 1 (Csiszár's I-divergence;
    /// Lee and Seung 2001, eq. 3): at least 0, exactly 0 for equal inputs, +∞ where q = 0 &lt; p. Always in nats, since the unit
    /// of −p + q is that of p.
    /// </summary>
    /// <param name="p">Values of the reference, at least 0.</param>
    /// <param name="q">Values of the model, at least 0, as many as of <paramref name="p"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or an element is negative, NaN or infinite (the message names its index).</exception>
    public static double GeneralizedKullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        Weights.CheckLengths(p, q);
        Weights.CheckElements(p, nameof(p));
        Weights.CheckElements(q, nameof(q));
        var sum = new ScaledSum();
        for (int i = 0; i < p.Length; i++)
        {
            var outcome = Outcome.Of(ScaledNumber.Of(p[i]), ScaledNumber.Of(q[i]));
            sum.Add(Terms.KullbackLeibler(outcome), outcome.Exponent);
        }
        return sum.Value.ToDouble();
    }

    /// <summary>
    /// Jensen-Shannon divergence JS(p, q) = ½KL(p‖m) + ½KL(q‖m) with m = ½(p + q) (Lin 1991, eq. 4.1): symmetric, in [0, log 2],
    /// exactly 0 for equal inputs and exactly log 2 for disjoint supports. Its square root is <see cref="JensenShannonDistance"/>.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy(ReadOnlySpan{double}, ReadOnlySpan{double}, LogBase, bool)" path="/param|/exception"/>
    public static double JensenShannon(ReadOnlySpan<double> p, ReadOnlySpan<double> q, LogBase logBase = default, bool normalize = false) =>
        logBase.FromNats(JensenShannonNumber(new WeightPair(p, q, normalize)).ToDouble());

    /// <summary>
    /// Jensen-Shannon distance √JS(p, q), a metric in [0, √log 2] (Endres and Schindelin 2003). This, not the divergence, is what SciPy calls
    /// <c>jensenshannon</c>. The base of the logarithm applies to the divergence under the root.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy(ReadOnlySpan{double}, ReadOnlySpan{double}, LogBase, bool)" path="/param|/exception"/>
    public static double JensenShannonDistance(ReadOnlySpan<double> p, ReadOnlySpan<double> q, LogBase logBase = default, bool normalize = false)
    {
        var divergence = JensenShannonNumber(new WeightPair(p, q, normalize));
        return (divergence with { High = logBase.FromNats(divergence.High) }).Sqrt();
    }

    /// <summary>Total variation distance ½Σ|p − q|, a metric in [0, 1]: exactly 0 for equal inputs, exactly 1 for disjoint supports.</summary>
    /// <param name="p">Probabilities, or weights with <paramref name="normalize"/>.</param>
    /// <param name="q">Probabilities, as many as of <paramref name="p"/>.</param>
    /// <param name="normalize">Divide both by their sums instead of requiring that these are 1.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, an element is negative, NaN or infinite (the message names its index), or a sum is not 1.
    /// </exception>
    public static double TotalVariation(ReadOnlySpan<double> p, ReadOnlySpan<double> q, bool normalize = false)
    {
        var pair = new WeightPair(p, q, normalize);
        return pair.Overlaps ? Math.Min(1, pair.Sum(outcome => Math.Abs(outcome.Difference) / 2).ToDouble()) : 1;
    }

    /// <summary>
    /// Hellinger distance √(½Σ(√p − √q)²), a metric in [0, 1]: exactly 0 for equal inputs, exactly 1 for disjoint supports. Some authors leave
    /// out the ½; then it is √2 times as large.
    /// </summary>
    /// <inheritdoc cref="TotalVariation" path="/param|/exception"/>
    public static double Hellinger(ReadOnlySpan<double> p, ReadOnlySpan<double> q, bool normalize = false)
    {
        var pair = new WeightPair(p, q, normalize);
        return pair.Overlaps ? Math.Min(1, pair.Sum(outcome => Terms.Hellinger(outcome) / 2).Sqrt()) : 1;
    }

    /// <summary>
    /// Jeffreys divergence KL(p‖q) + KL(q‖p) = Σ (p − q) log(p/q): symmetric, at least 0, exactly 0 for equal inputs, +∞ where
    /// just one of p and q is 0.
    /// </summary>
    /// <inheritdoc cref="CrossEntropy(ReadOnlySpan{double}, ReadOnlySpan{double}, LogBase, bool)" path="/param|/exception"/>
    public static double Jeffreys(ReadOnlySpan<double> p, ReadOnlySpan<double> q, LogBase logBase = default, bool normalize = false) =>
        logBase.FromNats(new WeightPair(p, q, normalize).Sum(Terms.Jeffreys).ToDouble());

    private static double CrossEntropy(Weights p, Weights q)
    {
        var sum = new CompensatedSum();
        for (int i = 0; i < p.Count; i++)
        {
            if (!p.IsPositive(i)) continue;
            if (!q.IsPositive(i)) return double.PositiveInfinity;
            sum.Add(p[i] * -q.LogShare(i));
        }
        // Adding 0 turns the −0 of a certain outcome into 0.
        return Math.ScaleB(sum.Value / p.TotalHigh, -Weights.Headroom) + 0.0;
    }

    private static ScaledNumber JensenShannonNumber(WeightPair pair)
    {
        var largest = new ScaledNumber(Log2, 0, 0);
        if (!pair.Overlaps) return largest;
        var divergence = pair.Sum(Terms.JensenShannon);
        return divergence.ToDouble() < Log2 ? divergence : largest;
    }
}
