namespace GenModels.Numerics;

/// <summary>A running sum whose rounding errors are kept in a second number (Knuth's TwoSum): about twice a double's precision.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _error;

    public readonly double Value => _sum + _error;

    /// <summary>The sum as an unevaluated high + low, low being at most half a unit in the last place of high.</summary>
    public readonly (double High, double Low) Parts
    {
        get
        {
            double high = _sum + _error;
            return (high, double.IsFinite(high) ? _error - (high - _sum) : 0);
        }
    }

    /// <summary>The sum times 2^<paramref name="exponent"/>.</summary>
    public readonly CompensatedSum Scaled(int exponent) =>
        new() { _sum = Math.ScaleB(_sum, exponent), _error = Math.ScaleB(_error, exponent) };

    /// <summary>The sum of some terms.</summary>
    public static double Of(ReadOnlySpan<double> terms)
    {
        var sum = new CompensatedSum();
        foreach (double term in terms) sum.Add(term);
        return sum.Value;
    }

    public void Add(double term)
    {
        double sum = _sum + term;
        if (double.IsFinite(sum))
        {
            double added = sum - _sum;
            _error += (_sum - (sum - added)) + (term - added);
        }
        _sum = sum;
    }
}
