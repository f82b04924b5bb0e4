namespace GenModels.Numerics;

/// <summary>
/// A discrete distribution given by weights. The weights are scaled by an exact power of two and their total is kept to twice a double's
/// precision, so that what is computed from them belongs to the distribution that has been normalized without rounding.
/// </summary>
internal readonly ref struct Weights
{
    /// <summary>The largest weight lies in [2⁶⁰⁰, 2⁶⁰¹): products with the smallest subnormal number then keep all their bits.</summary>
    public const int Headroom = 600;

    /// <summary>How far from 1 a distribution may sum: single-precision probabilities pass, a forgotten normalization does not.</summary>
    public const double SumTolerance = 1e-6;

    private readonly ReadOnlySpan<double> _values;
    private readonly int _exponent;

    private Weights(ReadOnlySpan<double> values, int exponent, double totalHigh, double totalLow)
    {
        _values = values;
        _exponent = exponent;
        TotalHigh = totalHigh;
        TotalLow = totalLow;
    }

    public int Count => _values.Length;

    /// <summary>The total of the weights is (TotalHigh + TotalLow)·2⁶⁰⁰.</summary>
    public double TotalHigh { get; }

    public double TotalLow { get; }

    /// <summary>The weight, or 0 where it is less than the largest by more than a double's range; <see cref="IsPositive"/> tells the two apart.</summary>
    public double this[int index] => Math.ScaleB(_values[index], Headroom - _exponent);

    public bool IsPositive(int index) => _values[index] > 0;

    /// <summary>The weight over 2⁶⁰⁰, and the total on that scale, whatever its size.</summary>
    public ScaledNumber Number(int index)
    {
        var number = ScaledNumber.Of(_values[index]);
        return number with { Exponent = number.Exponent - _exponent };
    }

    public ScaledNumber Total => new(TotalHigh, TotalLow, 0);

    public static Weights Check(
        ReadOnlySpan<double> values, string name, bool normalize, string advice = "Pass normalize: true to divide by the sum.")
    {
        double largest = CheckElements(values, name);
        if (largest == 0) throw new ArgumentException($"{name} sums to 0, expected at least one positive element.", name);

        int exponent = Math.ILogB(largest);
        var sum = new CompensatedSum();
        foreach (double value in values) sum.Add(Math.ScaleB(value, -exponent));
        var (high, low) = sum.Parts;

        double total = Math.ScaleB(high, exponent);
        if (!normalize && !(Math.Abs(total - 1) <= SumTolerance))
            throw new ArgumentException($"{name} sums to {Guard.Text(total)}, expected 1 within {Guard.Text(SumTolerance)}. {advice}", name);
        return new Weights(values, exponent, high, low);
    }

    /// <summary>Rejects what is no weight and returns the largest.</summary>
    public static double CheckElements(ReadOnlySpan<double> values, string name)
    {
        if (values.IsEmpty) throw new ArgumentException($"{name} is empty, expected at least one element.", name);
        double largest = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0) || double.IsInfinity(values[i]))
                throw new ArgumentException($"{name}[{i}] is {Guard.Text(values[i])}, expected a finite number that is at least 0.", name);
            largest = Math.Max(largest, values[i]);
        }
        return largest;
    }

    public static void CheckLengths(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
            throw new ArgumentException(
                $"p has {p.Length} elements and q has {q.Length}, expected the same number, one for each outcome. " +
                $"Index {Math.Min(p.Length, q.Length)} is the first that only one of them has.", nameof(q));
    }

    /// <summary>The logarithm of a positive weight's share of the total, accurate too where the share is nearly 1.</summary>
    public double LogShare(int index)
    {
        double weight = Math.ScaleB(_values[index], -_exponent);
        if (weight > TotalHigh / 2) return Elementary.Log1P(-((TotalHigh - weight + TotalLow) / TotalHigh));
        double share = weight / TotalHigh;
        if (share > 1e-150) return Math.Log(share);
        var number = Number(index);
        return Math.Log(number.High / TotalHigh) + number.Exponent * Math.Log(2);
    }
}
