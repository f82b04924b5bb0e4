namespace GenModels.Numerics;

/// <summary>
/// The elementary functions on which weights and random numbers depend. The runtime's are those of the operating system's C library, which
/// differ from one to the other in the last bit; these do not.
/// </summary>
internal static class DoubleMath
{
    // Σ s²ᵏ/(2k + 1): for s² ≤ 0.0295 the first term left out is below 1e−18.
    private static readonly double[] Artanh = [.. Enumerable.Range(1, 10).Reverse().Select(k => 1.0 / (2 * k + 1))];
    private static readonly double[] SineTerms = Taylor(17);
    private static readonly double[] CosineTerms = Taylor(18);
    // 1/13!, …, 1/0!: for |r| ≤ ½ log 2 the first term left out is below 5e−18.
    private static readonly double[] ExpTerms = [.. Enumerable.Range(0, 14).Reverse().Select(n => 1 / Enumerable.Range(1, n).Aggregate(1.0, (p, k) => p * k))];

    /// <summary>−log u for u in (0, 1] that is no denormal number.</summary>
    public static double NegativeLog(double u)
    {
        // u = m·2ᵉ with m in [√½, √2), by the bits above those of √½.
        const long rootHalf = 0x3FE6A09E667F3BCD, mantissa = 0x000FFFFFFFFFFFFF, one = 0x3FF0000000000000;
        long bits = BitConverter.DoubleToInt64Bits(u) + (one - rootHalf);
        long e = (bits >> 52) - 1023;
        double f = BitConverter.Int64BitsToDouble((bits & mantissa) + rootHalf) - 1, s = f / (2 + f), s2 = s * s;
        double log = Math.FusedMultiplyAdd(Polynomial(Artanh, s2) * s2, 2 * s, 2 * s);
        return Math.FusedMultiplyAdd(-e, 0.69314718055994531, -log);
    }

    /// <summary>log x; what is no positive normal number gives what the runtime's function gives.</summary>
    public static double Log(double x) => double.IsNormal(x) && x > 0 ? -NegativeLog(x) : Math.Log(x);

    /// <summary>eˣ.</summary>
    /// <remarks>x = n·log 2 + r with |r| ≤ ½ log 2: 2ⁿ times the Taylor polynomial of degree 13 in r.</remarks>
    public static double Exp(double x)
    {
        // Beyond these, 0, +∞ and NaN are the same everywhere.
        if (!(x >= -745.2 && x <= 709.8)) return Math.Exp(x);
        double n = Math.Round(x * 1.4426950408889634);
        // log 2 in two parts, so that n·log 2 loses nothing.
        double r = Math.FusedMultiplyAdd(n, -2.3190468138462996e-17, Math.FusedMultiplyAdd(n, -0.69314718055994531, x));
        return Math.ScaleB(Polynomial(ExpTerms, r), (int)n);
    }

    /// <summary>xⁿ for n ≥ 0, by squaring.</summary>
    public static double Power(double x, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1)
        {
            if ((n & 1) == 1) power *= x;
            x *= x;
        }
        return power;
    }

    /// <summary>cos πt for t in [0, 1].</summary>
    public static double CosineOfHalfTurns(double t)
    {
        if (t > 0.75) return -SineCosine(Math.PI * (1 - t)).Cosine;
        return t > 0.25 ? SineCosine(Math.PI * (0.5 - t)).Sine : SineCosine(Math.PI * t).Cosine;
    }

    /// <summary>Sine and cosine of x in [−π/4, π/4].</summary>
    public static (double Sine, double Cosine) SineCosine(double x)
    {
        double x2 = x * x;
        return (Math.FusedMultiplyAdd(Polynomial(SineTerms, x2) * x2, x, x), Math.FusedMultiplyAdd(Polynomial(CosineTerms, x2), x2, 1));
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        double value = 0;
        foreach (double coefficient in coefficients) value = Math.FusedMultiplyAdd(value, x, coefficient);
        return value;
    }

    /// <summary>The coefficients ±1/n!, (n − 2), … down to 3 or 2, whose signs alternate.</summary>
    private static double[] Taylor(int degree)
    {
        var terms = new List<double>();
        double factorial = 1;
        for (int n = 2; n <= degree; n++)
        {
            factorial *= n;
            if (n % 2 == degree % 2) terms.Add((n / 2 % 2 == 0 ? 1 : -1) / factorial);
        }
        terms.Reverse();
        return [.. terms];
    }
}
