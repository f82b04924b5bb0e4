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
                if (_p[i] > 0 && _q[i] > 0) return true;
            }
            return false;
        }
    }

    /// <summary>
    /// a = p·Q and b = q·P, P and Q being the totals, and b − a from exact products, so that it is right to the last bits
    /// where p and q are nearly equal.
    /// </summary>
    public (double A, double B, double Difference) this[int index]
    {
        get
        {
            var (a, aLow) = Product(_p[index], _q);
            var (b, bLow) = Product(_q[index], _p);
            return (a, b, b - a + (bLow - aLow));
        }
    }

    /// <summary>The sum of a term over all outcomes, times 2⁶⁰⁰.</summary>
    public double ScaledSum(Func<double, double, double, double> term)
    {
        var sum = new CompensatedSum();
        for (int i = 0; i < Count; i++)
        {
            var (a, b, difference) = this[i];
            sum.Add(term(a, b, difference));
        }
        return sum.Value / (_p.TotalHigh * _q.TotalHigh);
    }

    public double Sum(Func<double, double, double, double> term) => Math.ScaleB(ScaledSum(term), -Weights.Headroom);

    private static (double High, double Low) Product(double weight, Weights other)
    {
        double high = weight * other.TotalHigh;
        return (high, Math.FusedMultiplyAdd(weight, other.TotalHigh, -high) + weight * other.TotalLow);
    }
}
