using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>Two distributions over the same outcomes, brought to a common scale outcome by outcome.</summary>
internal readonly ref struct WeightPair
{
    private readonly Weights _p;
    private readonly Weights _q;

    public WeightPair(ReadOnlySpan<double> p, ReadOnlySpan<double> q, bool normalize)
    {
        Weights.CheckLengths(p, q);
        _p = Weights.Check(p, nameof(p), normalize);
        _q = Weights.Check(q, nameof(q), normalize);
    }

    public Weights P => _p;

    public Weights Q => _q;

    public int Count => _p.Count;

    /// <summary>Whether some outcome is possible under both.</summary>
    public bool Overlaps
    {
        get
        {
            for (int i = 0; i < Count; i++)
            {
                if (_p.IsPositive(i) && _q.IsPositive(i)) return true;
            }
            return false;
        }
    }

    /// <summary>
    /// a = p·Q and b = q·P, P and Q being the totals, and b − a from exact products, so that it is right to the last bits
    /// where p and q are nearly equal.
    /// </summary>
    public Outcome this[int index] => Outcome.Of(_p.Number(index) * _q.Total, _q.Number(index) * _p.Total);

    /// <summary>The sum of a term over all outcomes, for distributions that sum to 1.</summary>
    public ScaledNumber Sum(Func<Outcome, double> term)
    {
        var sum = new ScaledSum();
        for (int i = 0; i < Count; i++)
        {
            var outcome = this[i];
            sum.Add(term(outcome), outcome.Exponent);
        }
        var (high, low, exponent) = sum.Value;
        return new((high + low) / (_p.TotalHigh * _q.TotalHigh), 0, exponent);
    }
}
