namespace GenModels.Numerics;

/// <summary>
/// (High + Low)·2^Exponent: a number with about twice a double's precision and an exponent of its own, so that products of any doubles neither
/// overflow nor underflow.
/// </summary>
internal readonly record struct ScaledNumber(double High, double Low, int Exponent)
{
    public bool IsZero => High == 0;

    /// <summary>A finite double, with |High| in [1, 2) unless it is 0.</summary>
    public static ScaledNumber Of(double value)
    {
        if (value == 0) return default;
        int exponent = Math.ILogB(value);
        return new(Math.ScaleB(value, -exponent), 0, exponent);
    }

    /// <summary>The product, exact where both factors are doubles.</summary>
    public static ScaledNumber operator *(ScaledNumber a, ScaledNumber b)
    {
        double high = a.High * b.High;
        double low = Math.FusedMultiplyAdd(a.High, b.High, -high) + (a.High * b.Low + a.Low * b.High);
        return new(high, low, a.Exponent + b.Exponent);
    }

    /// <summary>High and Low for another exponent; what lies below a double's range becomes 0.</summary>
    public (double High, double Low) At(int exponent) => (Math.ScaleB(High, Exponent - exponent), Math.ScaleB(Low, Exponent - exponent));

    public double ToDouble() => Math.ScaleB(High + Low, Exponent);

    public double Sqrt()
    {
        int even = Exponent & ~1;
        return Math.ScaleB(Math.Sqrt(Math.ScaleB(High + Low, Exponent - even)), even / 2);
    }
}
