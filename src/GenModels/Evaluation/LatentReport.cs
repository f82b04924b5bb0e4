using GenModels.Data;
using GenModels.Distributions;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>What the codes of a variational model, such as a VAE, carry: which dimensions depend on the examples, and how far the codes of all examples together are from the prior.</summary>
/// <param name="Dimensions">Each dimension of the code.</param>
/// <param name="PriorDiscrepancy">
/// MMD² between codes drawn of q(z), one for each example, and of the prior N(0, I), under the inverse multiquadric kernel with C = 2d
/// (Tolstikhin et al. 2018, section 4): about 0 where the decoder was trained on the codes that sampling gives it.
/// </param>
public sealed record LatentReport(IReadOnlyList<LatentDimension> Dimensions, MeanEstimate PriorDiscrepancy)
{
    /// <summary>How many dimensions are active (Burda, Grosse and Salakhutdinov 2016, section 4.1).</summary>
    public int ActiveUnits => Dimensions.Count(d => d.IsActive);

    /// <summary>KL(q(z|x) ‖ p(z)) in nats, the mean over the examples.</summary>
    public double Kl => Dimensions.Sum(d => d.Kl);

    /// <summary>Looks at a model's codes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">The examples to encode, at least 2.</param>
    /// <param name="options">The threshold of activity and more; null takes the defaults.</param>
    /// <param name="cancellation">Ends the report between two batches.</param>
    /// <exception cref="ArgumentException">The examples have another shape than the model's, there are fewer than 2, or a setting lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">The report was cancelled.</exception>
    public static LatentReport Of(IVariationalModel model, IExampleSource examples, LatentReportOptions? options = null, CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new LatentReportOptions();
        options.Validate();
        ExampleSources.Check(examples, model.Options.ExampleShape, model.Condition);
        if (examples.Count < 2) throw new ArgumentException("There is one example, expected at least 2.", nameof(examples));

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = RandomStreams.For(options.Seed, RandomStreams.Evaluation);
        var (mean, logVariance) = Encode(model, examples, options.BatchSize, generator, cancellation);
        using var posterior = new DiagonalGaussian(mean, logVariance);
        var codes = posterior.Sample(generator);
        var prior = randn(codes.shape, dtype: float64, generator: generator);
        var kernel = new KernelDistanceOptions { Kernel = new InverseMultiquadricKernel(2 * codes.shape[1]), Seed = options.Seed };
        return new(Describe(mean, logVariance, options.ActiveThreshold), KernelDistance.Between(prior, codes, kernel));
    }

    /// <summary>The finding in words.</summary>
    public override string ToString()
    {
        int[] idle = [.. Dimensions.Where(d => !d.IsActive).Select(d => d.Index)];
        string finding =
            idle.Length == 0 ? $"All {Dimensions.Count} latent dimensions are active"
            : ActiveUnits == 0 ? "Posterior collapse: no latent dimension depends on the examples"
            : $"{ActiveUnits} of {Dimensions.Count} latent dimensions are active, collapsed to the prior: {string.Join(", ", idle)}";
        return finding + FormattableString.Invariant($"; KL {Kl:F2} nats; MMD² from the prior {PriorDiscrepancy}");
    }

    private static LatentDimension[] Describe(Tensor mean, Tensor logVariance, double threshold)
    {
        double[] Means(Tensor values) => values.mean([0]).data<double>().ToArray();
        double[] kl = Means(0.5 * (mean.square() + (logVariance.expm1() - logVariance).clamp(min: 0)));
        double[] spread = Means((mean - mean.mean([0])).square()), centre = Means(mean), noise = Means(logVariance.exp());
        return [.. kl.Select((value, i) => new LatentDimension(i, value, spread[i], spread[i] > threshold, centre[i], spread[i] + noise[i]))];
    }

    private static (Tensor Mean, Tensor LogVariance) Encode(IVariationalModel model, IExampleSource examples, int batchSize, Generator generator, CancellationToken cancellation)
    {
        using var loader = new BatchLoader(examples, batchSize, model.Device, model.Condition);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var (means, logVariances) = (new List<Tensor>(), new List<Tensor>());
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var posterior = model.Posterior(loader.Load(order, batch), generator);
            means.Add(posterior.Mean.cpu().to(float64).MoveToOuterDisposeScope());
            logVariances.Add(posterior.LogVariance.cpu().to(float64).MoveToOuterDisposeScope());
        }
        return (cat(means), cat(logVariances));
    }
}
