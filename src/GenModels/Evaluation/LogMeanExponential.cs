namespace GenModels.Evaluation;

/// <summary>log (1/k) Σ exp(aᵢ) of values that arrive one after the other, in double precision: sums are kept relative to the largest so far.</summary>
internal struct LogMeanExponential()
{
    private double _largest = double.NegativeInfinity;
    private double _sum;
    private double _sumOfSquares;
    private long _count;

    public readonly double Value => _largest + Math.Log(_sum / _count);

    /// <summary>(Σ exp(aᵢ))²/Σ exp(2aᵢ).</summary>
    public readonly double EffectiveCount => _sum * _sum / _sumOfSquares;

    public void Add(double a)
    {
        _count++;
        if (a > _largest)
        {
            double scale = Math.Exp(_largest - a);
            (_largest, _sum, _sumOfSquares) = (a, _sum * scale + 1, _sumOfSquares * scale * scale + 1);
        }
        else if (a > double.NegativeInfinity || double.IsNaN(a))
        {
            double term = Math.Exp(a - _largest);
            (_sum, _sumOfSquares) = (_sum + term, _sumOfSquares + term * term);
        }
    }
}
