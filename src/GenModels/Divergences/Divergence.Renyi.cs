using GenModels.Numerics;

namespace GenModels.Divergences;

public static partial class Divergence
{
    // Where α·log p can overflow. The divergence of this order is within 10⁻²⁹⁶ nats of its limit.
    private const double PracticallyInfinite = 1e300;

    /// <summary>
    /// Rényi divergence of order α, D_α(p‖q) = log(Σ pᵅ q¹⁻ᵅ) / (α − 1) (van Erven and Harremoës 2014, eq. 1, and their limits): order 0 is
    /// −log of the mass that q puts where p &gt; 0, order ½ is −2 log Σ√(pq), order 1 is KL(p‖q), and order ∞ is log max p/q.
    /// At least 0, exactly 0 for equal inputs, and not decreasing in the order. +∞ for disjoint supports, and for orders
    /// from 1 on where q = 0 &lt; p.
    /// </summary>
    /// <param name="p">Probabilities of the reference, or weights with <paramref name="normalize"/>.</param>
    /// <param name="q">Probabilities of the model, as many as of <paramref name="p"/>.</param>
    /// <param name="order">The order α: at least 0, <see cref="double.PositiveInfinity"/> included.</param>
    /// <param name="logBase">The unit of the result; nats by default.</param>
    /// <param name="normalize">Divide both by their sums instead of requiring that these are 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="order"/> is negative or NaN.</exception>
    /// <exception cref="ArgumentException">
    /// The lengths differ, an element is negative, NaN or infinite (the message names its index), or a sum is not 1.
    /// </exception>
    public static double Renyi(
        ReadOnlySpan<double> p, ReadOnlySpan<double> q, double order, LogBase logBase = default, bool normalize = false)
    {
        Guard.Within(order, 0, double.PositiveInfinity);
        var pair = new WeightPair(p, q, normalize);
        return logBase.FromNats(order switch
        {
            _ when !pair.Overlaps => double.PositiveInfinity,
            0 => HartleyDivergence(pair),
            1 => pair.Sum(Terms.KullbackLeibler).ToDouble(),
            >= PracticallyInfinite => LargestLogRatio(pair),
            // Near order 0 the terms cancel in one direction; in the other the powers are the same and the terms do not.
            < 0.5 => OrdinaryRenyi(new WeightPair(q, p, normalize), 1 - order, order, order - 1),
            _ => OrdinaryRenyi(pair, order, 1 - order, order - 1),
        });
    }

    /// <summary>log(Σ pᵅ qᵝ) / divisor with α + β = 1; passed apart, since 1 − α loses the digits of a small β.</summary>
    private static double OrdinaryRenyi(WeightPair pair, double alpha, double beta, double divisor)
    {
        var sum = pair.Sum(outcome => Terms.Renyi(outcome, alpha, beta));
        double excess = sum.ToDouble();
        // log(1 + x) is x here, and dividing first keeps the bits of a subnormal result.
        if (Math.Abs(excess) < 1e-100) return (sum with { High = sum.High / divisor }).ToDouble() + 0.0;

        // log(1 + excess) is precise while the excess is neither large nor near −1; elsewhere the sum itself, by its logarithm, is.
        double log = excess is >= -0.5 and <= 1 ? Elementary.Log1P(excess) : LogOfPowerSum(pair, alpha, beta);
        return Math.Max(0, log / divisor);
    }

    private static double LogOfPowerSum(WeightPair pair, double alpha, double beta)
    {
        var logs = new List<double>(pair.Count);
        for (int i = 0; i < pair.Count; i++)
        {
            bool possible = pair.P.IsPositive(i), allowed = pair.Q.IsPositive(i);
            if (possible && allowed) logs.Add(alpha * pair.P.LogShare(i) + beta * pair.Q.LogShare(i));
            else if (possible && beta < 0) return double.PositiveInfinity;
        }
        double largest = logs.Max();
        return largest + Math.Log(logs.Sum(log => Math.Exp(log - largest)));
    }

    private static double HartleyDivergence(WeightPair pair)
    {
        CompensatedSum inside = new(), outside = new();
        for (int i = 0; i < pair.Count; i++)
        {
            if (pair.P.IsPositive(i)) inside.Add(pair.Q[i]);
            else outside.Add(pair.Q[i]);
        }
        double total = inside.Value + outside.Value, missed = outside.Value / total;
        return (missed < 0.5 ? -Elementary.Log1P(-missed) : -Math.Log(inside.Value / total)) + 0.0;
    }

    private static double LargestLogRatio(WeightPair pair)
    {
        double largest = 0;
        for (int i = 0; i < pair.Count; i++)
        {
            if (pair.P.IsPositive(i)) largest = Math.Max(largest, -pair[i].LogRatio);
        }
        return largest;
    }
}
