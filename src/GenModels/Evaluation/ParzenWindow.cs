using GenModels.Distributions;
using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// The log-likelihood of test examples under a density that puts a normal distribution on each of a model's samples:
/// log (1/n) Σ exp(−‖x − sᵢ‖²/2σ²) − d·log(σ√2π), σ chosen on validation examples (Breuleux, Bengio and Vincent 2009; Goodfellow et al. 2014, section 5).
/// </summary>
/// <remarks>
/// In many dimensions the figure says little of the model's own likelihood and can rank models wrongly (Theis, van den Oord and Bethge
/// 2016): report <see cref="Controls"/> beside it. Published figures for MNIST stand on 10,000 samples.
/// </remarks>
public static class ParzenWindow
{
    /// <summary>Chooses σ on the validation examples and evaluates the test examples.</summary>
    /// <param name="samples">What the model drew, shape [n, …].</param>
    /// <param name="validation">Shape [m, …] with as many values an example.</param>
    /// <param name="test">Shape [k, …] with as many values an example; other examples than those of the validation.</param>
    /// <param name="options">The choice of σ; null takes the defaults.</param>
    /// <returns>Nats per example.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a value is not finite, or a setting lies outside its range.</exception>
    public static ParzenEstimate Estimate(Tensor samples, Tensor validation, Tensor test, ParzenOptions? options = null)
    {
        options ??= new ParzenOptions();
        options.Validate();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var s = Rows(samples, nameof(samples));
        return Estimate(s, Rows(validation, nameof(validation), s), Rows(test, nameof(test), s), options.Bandwidths);
    }

    /// <summary>The same measure of training examples and of k-means centres in the place of samples.</summary>
    /// <param name="train">What the model learned from, shape [n, …].</param>
    /// <param name="samples">How many training examples to take: as many as the model's samples. At least 1; no more than there are are taken.</param>
    /// <param name="validation">Shape [m, …] with as many values an example.</param>
    /// <param name="test">Shape [k, …] with as many values an example.</param>
    /// <param name="options">The choice of σ and the number of centres; null takes the defaults.</param>
    /// <returns>Nats per example.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a value is not finite, or a setting lies outside its range.</exception>
    public static ParzenControls Controls(Tensor train, int samples, Tensor validation, Tensor test, ParzenOptions? options = null)
    {
        Guard.AtLeast(samples, 1);
        options ??= new ParzenOptions();
        options.Validate();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var t = Rows(train, nameof(train));
        var (v, x) = (Rows(validation, nameof(validation), t), Rows(test, nameof(test), t));
        if (options.Centres > t.shape[0])
            throw new ArgumentException($"There are {t.shape[0]} training examples for {options.Centres} centres, expected at least one for each.", nameof(train));

        var order = RandomGenerator.For(options.Seed, RandomStreams.Order);
        var chosen = FeatureMatrix.Subset(t, samples, order);
        var start = RandomGenerator.For(options.Seed, RandomStreams.Density);
        var mean = t.mean([0]);
        var centres = KMeans.Centres(t - mean, options.Centres, start) + mean;
        return new(Estimate(chosen, v, x, options.Bandwidths), Estimate(centres, v, x, options.Bandwidths));
    }

    /// <summary>log p(x) of each example for a known σ.</summary>
    /// <param name="samples">The centres of the density, shape [n, …].</param>
    /// <param name="examples">Shape [m, …] with as many values an example.</param>
    /// <param name="bandwidth">σ, finite and above 0.</param>
    /// <returns>Nats for each example.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static double[] LogDensity(Tensor samples, Tensor examples, double bandwidth)
    {
        Guard.Positive(bandwidth);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var s = Rows(samples, nameof(samples));
        return LogDensities(s, Rows(examples, nameof(examples), s), [bandwidth])[0];
    }

    private static ParzenEstimate Estimate(Tensor samples, Tensor validation, Tensor test, IReadOnlyList<double> bandwidths)
    {
        double best = LogDensities(samples, validation, bandwidths).Zip(bandwidths).MaxBy(pair => pair.First.Average()).Second;
        bool atEdge = bandwidths.Count > 1 && (best == bandwidths.Min() || best == bandwidths.Max());
        return new(MeanEstimate.Of(LogDensities(samples, test, [best])[0]), best, atEdge);
    }

    /// <summary>For each σ the log-density of each point; the distances serve all.</summary>
    private static double[][] LogDensities(Tensor samples, Tensor points, IReadOnlyList<double> bandwidths)
    {
        var (n, d) = (samples.shape[0], samples.shape[1]);
        var values = bandwidths.Select(_ => new List<double>()).ToArray();
        Pairwise.Blocks(points, n, (_, rows) =>
        {
            var distances = Pairwise.SquaredDistances(rows, samples);
            foreach (var (bandwidth, list) in bandwidths.Zip(values))
            {
                using var step = NewDisposeScope();
                double normalizer = Math.Log(n) + d * Math.Log(bandwidth * Math.Sqrt(2 * Math.PI));
                list.AddRange(((distances * (-0.5 / (bandwidth * bandwidth))).logsumexp(1) - normalizer).data<double>().ToArray());
            }
        });
        return Array.ConvertAll(values, list => list.ToArray());
    }

    private static Tensor Rows(Tensor examples, string name, Tensor? other = null)
    {
        ArgumentNullException.ThrowIfNull(examples, name);
        var rows = examples.ndim > 2 ? examples.flatten(1) : examples.alias();
        return other is null ? FeatureMatrix.Checked(rows, name) : FeatureMatrix.Checked(rows, other, name);
    }
}
