using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>A mixture of normal distributions with full covariances, p(x) = Σ wₖ N(x; μₖ, Σₖ), in double precision.</summary>
/// <remarks>With one component, a full-covariance Gaussian. Immutable, and holds no native memory.</remarks>
public sealed class GaussianMixture : IDistribution<double[]>
{
    private readonly double[] _weights;
    private readonly Component[] _components;

    /// <summary>Makes a mixture. The values are copied.</summary>
    /// <param name="weights">wₖ: finite, 0 or more, with a sum of 1 within 1e−6; they are divided by their sum.</param>
    /// <param name="means">μₖ, one for each weight, all of the same length of at least 1, finite.</param>
    /// <param name="covariances">Σₖ, one for each weight, with as many rows and columns as a mean has elements: symmetric, positive definite.</param>
    /// <exception cref="ArgumentException">A value is outside its range, or the sizes do not fit; the message names the component.</exception>
    public GaussianMixture(ReadOnlySpan<double> weights, IReadOnlyList<double[]> means, IReadOnlyList<double[,]> covariances)
    {
        Guard.NotNull(means);
        Guard.NotNull(covariances);
        _weights = Normalized(weights);
        if (means.Count != weights.Length) throw Mismatch(means.Count, "means", weights.Length, nameof(means));
        if (covariances.Count != weights.Length) throw Mismatch(covariances.Count, "covariances", weights.Length, nameof(covariances));
        Dimensions = Guard.AtLeast(means[0].Length, 1, nameof(means));
        _components = new Component[weights.Length];
        for (int k = 0; k < weights.Length; k++) _components[k] = new Component(k, Dimensions, means[k], covariances[k]);
    }

    /// <summary>The number of normal distributions.</summary>
    public int Components => _weights.Length;

    /// <summary>The number of elements of a point.</summary>
    public int Dimensions { get; }

    /// <summary>wₖ, with a sum of 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>μ of a component, a copy.</summary>
    /// <param name="component">Its index, from 0.</param>
    public double[] Mean(int component) => [.. _components[component].Mean];

    /// <summary>Σ of a component, a copy.</summary>
    /// <param name="component">Its index, from 0.</param>
    public double[,] Covariance(int component) => (double[,])_components[component].Covariance.Clone();

    /// <summary>
    /// Fits a mixture by expectation-maximization (Bishop, <i>Pattern Recognition and Machine Learning</i>, section 9.2.2) from a
    /// k-means++ start, under the constraint that no variance falls below the floor.
    /// </summary>
    /// <param name="points">Shape [n, d], any floating type, finite, n at least the number of components.</param>
    /// <param name="options">The number of components and when to stop; null takes the defaults.</param>
    /// <returns>The mixture, and the log-likelihood of each step. The same points and options give the same mixture.</returns>
    /// <exception cref="ArgumentException">There are too few points, one is not finite, or a setting lies outside its range.</exception>
    public static GaussianMixtureFit Fit(Tensor points, DensityOptions? options = null)
    {
        Guard.NotNull(points);
        options ??= new DensityOptions();
        options.Validate();
        CheckPoints(points, nameof(points));
        if (points.shape[0] < options.Components)
            throw new ArgumentException(
                $"There are {points.shape[0]} points for {options.Components} components, expected at least one for each.", nameof(points));
        return ExpectationMaximization.Run(points, options);
    }

    /// <summary>log p(x) in nats, by log-sum-exp over the components.</summary>
    /// <param name="points">Shape [n, <see cref="Dimensions"/>], any floating type.</param>
    /// <returns>Shape [n] in double precision on the CPU, owned by the caller.</returns>
    /// <exception cref="ArgumentException">The points have another shape, or one is not finite.</exception>
    public Tensor LogDensity(Tensor points)
    {
        CheckPoints(points, nameof(points));
        Guard.Rows(points, [Dimensions]);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return LogJoint(points.to(float64).cpu()).logsumexp(1).MoveToOuterDisposeScope();
    }

    /// <summary>log p(x) of one point in nats.</summary>
    /// <param name="value">x, with <see cref="Dimensions"/> elements.</param>
    /// <exception cref="ArgumentException">The point has another number of elements.</exception>
    public double LogDensity(double[] value)
    {
        Guard.SameLength(Guard.NotNull(value).Length, Dimensions, nameof(value), nameof(Mean));
        double[] terms = [.. _components.Select((component, k) => Math.Log(_weights[k]) + component.LogDensity(value))];
        double largest = terms.Max();
        return double.IsNegativeInfinity(largest) ? largest : largest + Math.Log(terms.Sum(term => Math.Exp(term - largest)));
    }

    /// <summary>Draws points; the same seed gives the same points.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="seed">Any number.</param>
    /// <returns>Points of <see cref="Dimensions"/> elements each.</returns>
    public double[][] Sample(int count, ulong seed)
    {
        if (Guard.AtLeast(count, 0) == 0) return [];
        using var points = Sample(count, new RandomGenerator(seed));
        return [.. points.data<double>().ToArray().Chunk(Dimensions)];
    }

    /// <summary>Draws points: a component by its weight, then μ + L·ε with ε ~ N(0, I) and L·Lᵀ = Σ.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of randomness; the same state gives the same points, bit for bit.</param>
    /// <returns>Shape [count, <see cref="Dimensions"/>] in double precision on the CPU, owned by the caller.</returns>
    public Tensor Sample(int count, RandomGenerator generator)
    {
        return Sample(count, generator, _ => (0, Components));
    }

    /// <summary>Draws points, each of some components in turn.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <param name="among">The first component that a point may come of, and how many from there on.</param>
    internal Tensor Sample(int count, RandomGenerator generator, Func<int, (int First, int Count)> among)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        double[] choices = generator.Uniform([count], ScalarType.Float64).data<double>().ToArray();
        double[] noise = generator.Normal([count, Dimensions], ScalarType.Float64).data<double>().ToArray(), draws = new double[noise.Length];
        for (int n = 0; n < count; n++)
            _components[Choice(choices[n], among(n))].Draw(noise.AsSpan(n * Dimensions, Dimensions), draws.AsSpan(n * Dimensions, Dimensions));
        return tensor(draws, [count, Dimensions]).MoveToOuterDisposeScope();
    }

    /// <summary>log wₖ + log N(x; μₖ, Σₖ) for each point and component: shape [n, components].</summary>
    internal Tensor LogJoint(Tensor points)
    {
        using var scope = NewDisposeScope();
        return stack(_components.Select((component, k) => component.LogDensity(points) + Math.Log(_weights[k])), 1).MoveToOuterDisposeScope();
    }

    /// <summary>The mixture moved by a vector.</summary>
    internal GaussianMixture Shifted(double[] by) => new(
        _weights, [.. _components.Select(c => c.Mean.Zip(by, (a, b) => a + b).ToArray())], [.. _components.Select(c => c.Covariance)]);

    private static double[] Normalized(ReadOnlySpan<double> weights)
    {
        if (weights.Length == 0) throw new ArgumentException("There are no weights, expected at least one.", nameof(weights));
        double sum = 0;
        for (int k = 0; k < weights.Length; k++) sum += Guard.NotNegative(weights[k], $"{nameof(weights)}[{k}]");
        if (!(Math.Abs(sum - 1) <= 1e-6)) throw new ArgumentException($"The weights' sum is {Guard.Text(sum)}, expected 1.", nameof(weights));
        double[] normalized = weights.ToArray();
        for (int k = 0; k < normalized.Length; k++) normalized[k] /= sum;
        return normalized;
    }

    private static void CheckPoints(Tensor points, string name)
    {
        ArgumentNullException.ThrowIfNull(points, name);
        if (points.ndim != 2 || points.numel() == 0 || !points.is_floating_point())
            throw new ArgumentException(
                $"The points have the shape {Guard.Shape(points.shape)} and the type {points.dtype}, expected floating points [n, d] with at least one.", name);
        using var scope = NewDisposeScope();
        if (!points.isfinite().all().cpu().item<bool>())
            throw new ArgumentException("A point has values that are NaN or infinite, expected finite ones.", name);
    }

    private static ArgumentException Mismatch(int actual, string what, int expected, string name) =>
        new($"There are {actual} {what} for {expected} weights, expected as many.", name);

    private int Choice(double draw, (int First, int Count) among)
    {
        int last = among.First, end = among.First + among.Count;
        if (among.Count < Components) draw *= CompensatedSum.Of(_weights.AsSpan(among.First, among.Count));
        for (int k = among.First; k < end; k++)
        {
            if (_weights[k] == 0) continue;
            last = k;
            if ((draw -= _weights[k]) < 0) break;
        }
        return last;
    }

    /// <summary>N(μ, Σ) with what its density and its draws need.</summary>
    private sealed class Component
    {
        private readonly CholeskyFactor _factor;
        private readonly double[,] _whitening;
        private readonly double _logNormalizer;

        public Component(int index, int dimensions, double[] mean, double[,] covariance)
        {
            if (mean.Length != dimensions || !mean.All(double.IsFinite))
                throw new ArgumentException($"The mean of component {index} is not {dimensions} finite values.", nameof(mean));
            CheckSymmetric(index, dimensions, covariance);
            (Mean, Covariance) = ([.. mean], (double[,])covariance.Clone());
            _factor = CholeskyFactor.Of(covariance)
                ?? throw new ArgumentException($"The covariance of component {index} is not positive definite.", nameof(covariance));
            _whitening = _factor.Inverse();
            _logNormalizer = -0.5 * dimensions * Math.Log(2 * Math.PI);
            for (int i = 0; i < dimensions; i++) _logNormalizer -= Math.Log(_factor[i, i]);
        }

        public double[] Mean { get; }

        public double[,] Covariance { get; }

        public Tensor LogDensity(Tensor points)
        {
            using var scope = NewDisposeScope();
            var white = (points - tensor(Mean)).matmul(tensor(_whitening).t());
            return (_logNormalizer - 0.5 * white.square().sum(1)).MoveToOuterDisposeScope();
        }

        public double LogDensity(double[] point)
        {
            double squares = 0;
            for (int i = 0; i < point.Length; i++)
            {
                double white = 0;
                for (int j = 0; j <= i; j++) white += _whitening[i, j] * (point[j] - Mean[j]);
                squares += white * white;
            }
            return _logNormalizer - 0.5 * squares;
        }

        public void Draw(ReadOnlySpan<double> noise, Span<double> draw)
        {
            double[] deviation = _factor.Multiply(noise);
            for (int i = 0; i < draw.Length; i++) draw[i] = Mean[i] + deviation[i];
        }

        private static void CheckSymmetric(int index, int n, double[,] covariance)
        {
            if (covariance.GetLength(0) != n || covariance.GetLength(1) != n)
                throw new ArgumentException(
                    $"The covariance of component {index} is {covariance.GetLength(0)} by {covariance.GetLength(1)}, expected {n} by {n}.",
                    nameof(covariance));
            for (int i = 0; i < n; i++)
                for (int j = 0; j < i; j++)
                    // What rounding in single precision leaves between the two halves passes.
                    if (!(Math.Abs(covariance[i, j] - covariance[j, i]) <= 1e-6 * Math.Sqrt(Math.Abs(covariance[i, i] * covariance[j, j]))))
                        throw new ArgumentException(
                            $"The covariance of component {index} has {Guard.Text(covariance[i, j])} at [{i}, {j}] and " +
                            $"{Guard.Text(covariance[j, i])} at [{j}, {i}], expected a symmetric matrix.", nameof(covariance));
        }
    }
}
