namespace GenModels.Tests.Randomness;

internal static class Statistics
{
    // By chance a test of five standard errors fails once in 1.7 million seeds.
    private const double StandardErrors = 5;

    /// <summary>The first four moments, and the shares of 82 intervals.</summary>
    public static void ShouldBeStandardNormal(double[] draws)
    {
        // The standard errors of the first four moments are √(1, 2, 15, 96)/√n.
        double error = StandardErrors / Math.Sqrt(draws.Length);
        draws.Average().Should().BeApproximately(0, error);
        draws.Average(x => x * x).Should().BeApproximately(1, error * Math.Sqrt(2));
        draws.Average(x => x * x * x).Should().BeApproximately(0, error * Math.Sqrt(15));
        draws.Average(x => x * x * x * x).Should().BeApproximately(3, error * Math.Sqrt(96));

        // Intervals of 0.1 from −4 to 4, and one on either side.
        double[] shares = [Tail(4), .. Enumerable.Range(-40, 80).Select(i => Tail(i / 10.0) - Tail((i + 1) / 10.0)), Tail(4)];
        int[] counts = new int[shares.Length];
        foreach (double x in draws) counts[Math.Clamp((int)Math.Floor(x * 10) + 41, 0, counts.Length - 1)]++;
        ShouldHaveShares(counts, shares);
    }

    /// <summary>χ² of counts against the shares that are expected, whose mean is the degrees of freedom and whose variance is twice as much.</summary>
    public static void ShouldHaveShares(IReadOnlyList<int> counts, IReadOnlyList<double> shares)
    {
        double n = counts.Sum(), freedom = counts.Count - 1;
        double statistic = counts.Zip(shares, (count, share) => (count - n * share) * (count - n * share) / (n * share)).Sum();
        statistic.Should().BeApproximately(freedom, StandardErrors * Math.Sqrt(2 * freedom));
    }

    public static void ShouldBeEvenlySpread(IReadOnlyList<int> counts) => ShouldHaveShares(counts, [.. counts.Select(_ => 1.0 / counts.Count)]);

    /// <summary>Whether two rows of standard normal numbers are uncorrelated, and their squares too.</summary>
    public static void ShouldBeIndependent(ReadOnlySpan<float> a, ReadOnlySpan<float> b, string what)
    {
        double product = 0, squares = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i], y = b[i];
            product += x * y;
            squares += (x * x - 1) * (y * y - 1);
        }
        double error = StandardErrors * Math.Sqrt(a.Length);
        product.Should().BeApproximately(0, error, what);
        // The variance of x² is 2.
        squares.Should().BeApproximately(0, 2 * error, what);
    }

    /// <summary>P(z &gt; x), integrated by Simpson's rule; beyond 9 lies less than 2e−19.</summary>
    private static double Tail(double x)
    {
        const int steps = 2000;
        double h = (9 - x) / steps, sum = Density(x) + Density(9);
        for (int i = 1; i < steps; i++) sum += (i % 2 == 0 ? 2 : 4) * Density(x + i * h);
        return sum * h / 3;
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
