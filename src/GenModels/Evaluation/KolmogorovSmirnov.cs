namespace GenModels.Evaluation;

/// <summary>The two-sample test of Kolmogorov and Smirnov: whether two sets of numbers come from one continuous distribution.</summary>
/// <param name="Statistic">D, the greatest difference of the two empirical distribution functions, in [0, 1].</param>
/// <param name="PValue">
/// The probability of a D as large or larger, were they of one distribution, in [0, 1]: Smirnov's limit for large samples,
/// 2 Σ (−1)ʲ⁻¹ exp(−2j²λ²) with λ = D·√(nm/(n + m)) (Smirnov 1948). It errs towards 1 for small samples and for values that repeat.
/// </param>
public readonly record struct KolmogorovSmirnov(double Statistic, double PValue)
{
    // Where either series has its first two terms left to a double's precision.
    private const double Switch = 1.18;

    /// <summary>Compares two samples.</summary>
    /// <param name="a">One sample, finite, at least one value, in any order.</param>
    /// <param name="b">The other, of any size.</param>
    /// <exception cref="ArgumentException">A sample is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite.</exception>
    public static KolmogorovSmirnov Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double[] x = Guard.Each(Guard.Finite, a), y = Guard.Each(Guard.Finite, b);
        Array.Sort(x);
        Array.Sort(y);
        double greatest = 0;
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            double value = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] == value) i++;
            while (j < y.Length && y[j] == value) j++;
            greatest = Math.Max(greatest, Math.Abs((double)i / x.Length - (double)j / y.Length));
        }
        return new(greatest, Survival(greatest * Math.Sqrt((double)x.Length * y.Length / (x.Length + y.Length))));
    }

    /// <summary>The figures in a line.</summary>
    public override string ToString() => FigureText.InALine([("D", Statistic), ("p", PValue)]);

    /// <summary>1 − K(λ) with Kolmogorov's limiting distribution K, by the series that converges fast.</summary>
    internal static double Survival(double lambda)
    {
        if (lambda < 0.04) return 1;
        double sum = 0;
        if (lambda < Switch)
        {
            for (int k = 1; k < 12; k += 2) sum += Math.Exp(-k * k * Math.PI * Math.PI / (8 * lambda * lambda));
            return 1 - Math.Sqrt(2 * Math.PI) / lambda * sum;
        }
        for (int k = 1; k < 8; k++) sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2 * k * k * lambda * lambda);
        return sum;
    }
}
