using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>Estimates of divergences, in nats, from samples of p and of q alone: the relative entropy KL(p‖q), and Jensen and Shannon's.</summary>
public static class SampleDivergence
{
    /// <summary>The k-nearest-neighbor estimate for vectors.</summary>
    /// <remarks>
    /// <para>
    /// Wang, Kulkarni and Verdú 2009, section II: d/n · Σ log(νₖ(xᵢ)/ρₖ(xᵢ)) + log(m/(n − 1)), where ρₖ and νₖ are the
    /// distances from xᵢ to its k-th nearest neighbor among the other x, and among the y. It converges to KL(p‖q) for densities, without any
    /// smoothing to choose; a larger k lowers the variance and raises the bias.
    /// </para>
    /// <para>
    /// The bias falls slowly in many dimensions, and where p and q are far apart: then estimates come out too low, unless there are
    /// exponentially many samples. Distances are Euclidean: scale the axes alike.
    /// </para>
    /// <para>
    /// A neighbor at distance 0 (a duplicate, or a point that is in both sets) says nothing of a density; it is left out, and out of the
    /// counts n − 1 and m of that point. So two equal sets give exactly 0.
    /// </para>
    /// </remarks>
    /// <param name="samplesOfP">x, one sample a row, n rows.</param>
    /// <param name="samplesOfQ">y, one sample a row, m rows of as many columns.</param>
    /// <param name="k">Which neighbor, at least 1. Each set needs more than k different samples.</param>
    /// <param name="clamp">
    /// Return 0 for a negative estimate, since the divergence is never negative. Turn it off to average estimates: cutting them biases a mean.
    /// </param>
    /// <exception cref="ArgumentException">There are too few different samples, the columns differ, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static double NearestNeighbor(double[,] samplesOfP, double[,] samplesOfQ, int k = 5, bool clamp = true)
    {
        int dimensions = Columns(samplesOfP, samplesOfQ);
        return NearestNeighbor(samplesOfP.Cast<double>().ToArray(), samplesOfQ.Cast<double>().ToArray(), dimensions, k, clamp);
    }

    /// <summary>The k-nearest-neighbor estimate for numbers.</summary>
    /// <inheritdoc cref="NearestNeighbor(double[,], double[,], int, bool)"/>
    public static double NearestNeighbor(ReadOnlySpan<double> samplesOfP, ReadOnlySpan<double> samplesOfQ, int k = 5, bool clamp = true) =>
        NearestNeighbor(samplesOfP.ToArray(), samplesOfQ.ToArray(), 1, k, clamp);

    /// <summary>The Jensen–Shannon divergence by k nearest neighbors, for vectors: in [0, log 2].</summary>
    /// <remarks>
    /// log(p/q) is estimated at every sample as <see cref="NearestNeighbor(double[,], double[,], int, bool)"/> does, and log(p/m) is averaged over the
    /// samples of p, log(q/m) over those of q, with m = ½(p + q). An estimate of log(p/q) scatters with the variance 2ψ′(k), which where p and q are
    /// alike makes the result too low by about ψ′(k)/4 ≈ 1/(4k); what it is below 0 is cut. Where p and q are far apart the bias is that of the neighbors' distances.
    /// </remarks>
    /// <param name="samplesOfP">x, one sample a row.</param>
    /// <param name="samplesOfQ">y, one sample a row of as many columns.</param>
    /// <param name="k">Which neighbor, at least 1. Each set needs more than k different samples.</param>
    /// <exception cref="ArgumentException">There are too few different samples, the columns differ, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is less than 1.</exception>
    public static double JensenShannon(double[,] samplesOfP, double[,] samplesOfQ, int k = 20)
    {
        int dimensions = Columns(samplesOfP, samplesOfQ);
        return JensenShannon(samplesOfP.Cast<double>().ToArray(), samplesOfQ.Cast<double>().ToArray(), dimensions, k);
    }

    /// <summary>The Jensen–Shannon divergence by k nearest neighbors, for numbers: in [0, log 2].</summary>
    /// <inheritdoc cref="JensenShannon(double[,], double[,], int)"/>
    public static double JensenShannon(ReadOnlySpan<double> samplesOfP, ReadOnlySpan<double> samplesOfQ, int k = 20) =>
        JensenShannon(samplesOfP.ToArray(), samplesOfQ.ToArray(), 1, k);

    /// <summary>
    /// The histogram estimate for numbers: KL between the relative frequencies in bins of equal width over the range of all samples.
    /// At least 0, and exactly 0 for equal samples. What p and q do within a bin is lost, so that it tends to be too low with few bins,
    /// and too high with so many that each holds few samples.
    /// </summary>
    /// <param name="samplesOfP">Samples of p, finite.</param>
    /// <param name="samplesOfQ">Samples of q, finite.</param>
    /// <param name="bins">The number of bins, at least 1.</param>
    /// <param name="pseudocount">
    /// What is added to each count, finite and at least 0. The default ½ is that of Krichevsky and Trofimov; with 0 the estimate is +∞ as
    /// soon as a bin has samples of p and none of q.
    /// </param>
    /// <exception cref="ArgumentException">A set of samples is empty, or an element is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static double Histogram(ReadOnlySpan<double> samplesOfP, ReadOnlySpan<double> samplesOfQ, int bins, double pseudocount = 0.5)
    {
        double[] x = Guard.Each(Guard.Finite, samplesOfP);
        double[] y = Guard.Each(Guard.Finite, samplesOfQ);
        Guard.AtLeast(bins, 1);
        Guard.NotNegative(pseudocount);

        double least = Math.Min(x.Min(), y.Min()), most = Math.Max(x.Max(), y.Max());
        return Divergence.KullbackLeibler(Counts(x), Counts(y), normalize: true);

        double[] Counts(double[] samples)
        {
            var counts = new double[bins];
            Array.Fill(counts, pseudocount);
            foreach (double value in samples)
            {
                // Halves, since the range of finite numbers may not be finite. All samples equal: one bin.
                double share = most > least ? (value / 2 - least / 2) / (most / 2 - least / 2) : 0;
                counts[Math.Min(bins - 1, (int)(share * bins))]++;
            }
            return counts;
        }
    }

    private static int Columns(double[,] samplesOfP, double[,] samplesOfQ)
    {
        ArgumentNullException.ThrowIfNull(samplesOfP);
        ArgumentNullException.ThrowIfNull(samplesOfQ);
        int dimensions = samplesOfP.GetLength(1);
        if (dimensions == 0 || samplesOfQ.GetLength(1) != dimensions)
            throw new ArgumentException(
                $"The samples have {dimensions} and {samplesOfQ.GetLength(1)} columns, expected the same number, at least 1.", nameof(samplesOfQ));
        return dimensions;
    }

    private static double JensenShannon(double[] x, double[] y, int dimensions, int k)
    {
        double OfSide(double[] own, double[] other)
        {
            double[] terms = Array.ConvertAll(LogRatios(own, other, dimensions, k), Divergences.JensenShannon.Term);
            return CompensatedSum.Of(terms) / terms.Length;
        }
        return Math.Clamp((OfSide(x, y) + OfSide(y, x)) / 2, 0, Math.Log(2));
    }

    private static double NearestNeighbor(double[] x, double[] y, int dimensions, int k, bool clamp)
    {
        double[] ratios = LogRatios(x, y, dimensions, k);
        double estimate = CompensatedSum.Of(ratios) / ratios.Length;
        return clamp ? Math.Max(0, estimate) : estimate;
    }

    /// <summary>Estimates of log(p/q) at each x.</summary>
    private static double[] LogRatios(double[] x, double[] y, int dimensions, int k)
    {
        Guard.AtLeast(k, 1);
        CheckFinite(x, dimensions, "samplesOfP");
        CheckFinite(y, dimensions, "samplesOfQ");

        int n = x.Length / dimensions, m = y.Length / dimensions;
        (x, y) = Scaled(x, y);
        KdTree treeOfX = new(x, dimensions), treeOfY = new(y, dimensions);
        var ratios = new double[n];
        for (int i = 0; i < n; i++)
        {
            var point = x.AsSpan(i * dimensions, dimensions);
            // The point is among those of its own tree that coincide with it.
            var (own, alike) = treeOfX.Neighbor(point, k);
            var (other, shared) = treeOfY.Neighbor(point, k);
            CheckFound(own, k, "samplesOfP");
            CheckFound(other, k, "samplesOfQ");
            ratios[i] = dimensions * new Outcome(own, other, other - own).LogRatio / 2 + Math.Log((double)(m - shared) / (n - alike));
        }
        return ratios;
    }

    /// <summary>
    /// Both times a power of two, which leaves the ratios of distances as they are, and puts their squares into the upper half of a double's
    /// range: none overflows, and few underflow.
    /// </summary>
    private static (double[] X, double[] Y) Scaled(double[] x, double[] y)
    {
        const int upper = 480;
        double largest = Math.Max(x.Max(Math.Abs), y.Max(Math.Abs));
        if (largest == 0) return (x, y);
        int exponent = upper - Math.ILogB(largest);
        double[] Of(double[] values) => Array.ConvertAll(values, value => Math.ScaleB(value, exponent));
        return (Of(x), Of(y));
    }

    private static void CheckFinite(double[] values, int dimensions, string name)
    {
        if (values.Length == 0) throw new ArgumentException($"{name} is empty, expected at least one sample.", name);
        int bad = Array.FindIndex(values, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException($"{name} holds {Guard.Text(values[bad])} in sample {bad / dimensions}, expected finite numbers.", name);
    }

    private static void CheckFound(double squaredDistance, int k, string name)
    {
        if (double.IsPositiveInfinity(squaredDistance))
            throw new ArgumentException($"{name} has too few different samples, expected more than k, which is {k}.", name);
    }
}
