namespace GenModels.Numerics;

/// <summary>Elementary functions that .NET lacks or has only in a form that cancels near 0.</summary>
internal static class Elementary
{
    /// <summary>log(1 + x). <c>double.LogP1</c> adds 1 first and loses small x; the factor undoes that rounding (Kahan).</summary>
    public static double Log1P(double x)
    {
        double u = 1 + x;
        if (u == 1) return x;
        return double.IsFinite(u) && u > 0 ? Math.Log(u) * (x / (u - 1)) : Math.Log(u);
    }

    /// <summary>exp(x) − 1, by the same device.</summary>
    public static double ExpM1(double x)
    {
        double u = Math.Exp(x);
        if (u == 1) return x;
        double v = u - 1;
        return v == -1 || double.IsInfinity(u) ? v : v * (x / Math.Log(u));
    }

    /// <summary>
    /// x − log(1 + x) for x &gt; −1, never negative. With s = x/(2 + x), log(1 + x) = 2·atanh(s) and x − 2s = x·s,
    /// so near 0 it is s·(x − 2s²·(1/3 + s²/5 + s⁴/7 + …)), in which nothing cancels.
    /// </summary>
    public static double XMinusLog1P(double x)
    {
        if (x is < -0.5 or > 1) return x - Log1P(x);
        double s = x / (2 + x), square = s * s, series = 0;
        for (int k = 18; k >= 0; k--) series = series * square + 1.0 / (2 * k + 3);
        return s * (x - 2 * square * series);
    }

    /// <summary>exp(x) − 1 − x, never negative: its power series near 0.</summary>
    public static double ExpM1MinusX(double x)
    {
        if (x is < -1 or > 1) return ExpM1(x) - x;
        double series = 1;
        for (int k = 20; k >= 3; k--) series = 1 + x / k * series;
        return x * x / 2 * series;
    }

    /// <summary>(a − b)/unit of finite numbers, also where a − b alone overflows.</summary>
    public static double DifferenceOver(double a, double b, double unit)
    {
        double difference = a - b;
        return double.IsFinite(difference) ? difference / unit : (a / 2 - b / 2) / unit * 2;
    }

    /// <summary>
    /// ½[(1 − x)·log(1 − x) + (1 + x)·log(1 + x)] for 0 ≤ x ≤ ½, by its power series Σ x²ᵏ/(2k(2k − 1)), all of whose terms are positive.
    /// </summary>
    public static double EntropyDeficit(double x)
    {
        double square = x * x, series = 0;
        for (int k = 26; k >= 1; k--) series = series * square + 1.0 / (2 * k * (2 * k - 1));
        return square * series;
    }
}
