namespace GenModels.Numerics;

/// <summary>
/// The gamma function's logarithm and derivatives for positive arguments, as departures from x·log x − x and its derivatives: these are small,
/// smooth and, summed by recurrence, free of cancellation. Asymptotic series: Abramowitz and Stegun 6.1.41, 6.3.18 and 6.4.12.
/// </summary>
internal static class GammaFunctions
{
    /// <summary>From here on the asymptotic series are exact to a double's precision.</summary>
    private const double Asymptotic = 10;

    private const double OneMinusEuler = 0.42278433509846713;

    private static readonly double HalfLogTwoPi = Math.Log(2 * Math.PI) / 2;

    /// <summary>ζ(k) − 1 for k = 2, 3, …</summary>
    private static readonly double[] ZetaMinusOne =
    [
        0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
        0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
        0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
        6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05, 7.637197637899763e-06,
        3.81729326499984e-06, 1.908212716553939e-06, 9.539620338727962e-07, 4.769329867878064e-07,
        2.38450502727733e-07, 1.1921992596531106e-07, 5.960818905125948e-08, 2.980350351465228e-08,
        1.4901554828365043e-08, 7.45071178983543e-09, 3.725334024788457e-09, 1.862659723513049e-09,
    ];

    /// <summary>The positive nodes on [−1, 1] and the weights of Gauss and Legendre's rule of 16 points.</summary>
    private static readonly (double Node, double Weight)[] Quadrature =
    [
        (0.09501250983763744, 0.1894506104550685), (0.2816035507792589, 0.18260341504492358),
        (0.45801677765722737, 0.16915651939500254), (0.6178762444026438, 0.14959598881657674),
        (0.755404408355003, 0.12462897125553388), (0.8656312023878318, 0.09515851168249279),
        (0.9445750230732326, 0.062253523938647894), (0.9894009349916499, 0.027152459411754096),
    ];

    public static double LogGamma(double x) => x switch
    {
        < 0.5 or > 2.5 => x * (Math.Log(x) - 1) + Departure(x),
        < 1.5 => LogGammaNearTwo(x - 1) - Elementary.Log1P(x - 1),
        _ => LogGammaNearTwo(x - 2),
    };

    /// <summary>
    /// P(a, x), the regularised lower incomplete gamma function, by its power series (Abramowitz and Stegun 6.5.29): the probability that a
    /// χ² variate with 2a degrees of freedom is below 2x.
    /// </summary>
    public static double LowerRegularized(double a, double x)
    {
        double term = Math.Exp(a * Math.Log(x) - x - LogGamma(a + 1)), sum = term;
        for (double n = a + 1; term > sum * 1e-17; n++) sum += term *= x / n;
        return sum;
    }

    public static double Digamma(double x) => Math.Log(x) + DepartureSlope(x);

    /// <summary>ψ₁(x) − 1/x, the second derivative of the departure.</summary>
    public static double DepartureCurvature(double x)
    {
        double sum = 0;
        for (; x < Asymptotic; x++) sum += 1 / (x * x * (x + 1));
        double y = 1 / (x * x);
        double series = 1.0 / 6 - y * (1.0 / 30 - y * (1.0 / 42 - y * (1.0 / 30 - y * (5.0 / 66 - y * (691.0 / 2730 - y * (7.0 / 6))))));
        return sum + y * (0.5 + series / x);
    }

    /// <summary>
    /// How far the departure at <paramref name="y"/> lies above its tangent at <paramref name="x"/>: at least 0, for the departure is convex.
    /// The divergences of gamma and beta distributions are made of it. <paramref name="step"/> is y − x, which the caller may know better.
    /// </summary>
    public static double DepartureAboveTangent(double x, double y, double step)
    {
        if (Math.Abs(step) > x / 2) return Math.Max(0, Departure(y) - Departure(x) - step * DepartureSlope(x));

        // Taylor's remainder as an integral, where the difference of nearly equal numbers would lose its digits.
        double sum = 0;
        foreach (var (node, weight) in Quadrature)
        {
            double s = (1 + node) / 2;
            sum += weight / 2 * ((1 - s) * DepartureCurvature(x + s * step) + s * DepartureCurvature(x + (1 - s) * step));
        }
        return step * step * sum;
    }

    /// <summary>log Γ(x) − x·log x + x.</summary>
    private static double Departure(double x)
    {
        double sum = 0;
        for (; x < Asymptotic; x++) sum += (x + 1) * Elementary.Log1P(1 / x) - 1;
        double y = 1 / (x * x);
        double series = 1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * (691.0 / 360360 - y / 156)))));
        return sum - Math.Log(x) / 2 + HalfLogTwoPi + series / x;
    }

    /// <summary>ψ(x) − log x, the first derivative of the departure: negative.</summary>
    private static double DepartureSlope(double x)
    {
        double sum = 0;
        for (; x < Asymptotic; x++) sum += Elementary.XMinusLog1P(1 / x);
        double y = 1 / (x * x);
        double series = 1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y / 12)))));
        return -sum - 0.5 / x - y * series;
    }

    /// <summary>log Γ(2 + z) = (1 − γ)z + Σ (−1)ᵏ(ζ(k) − 1)zᵏ/k for |z| ≤ ½, which keeps its relative precision at the zeros 1 and 2.</summary>
    private static double LogGammaNearTwo(double z)
    {
        double series = 0;
        for (int i = ZetaMinusOne.Length - 1; i >= 0; i--) series = ZetaMinusOne[i] / (i + 2) - z * series;
        return z * (OneMinusEuler + z * series);
    }
}
