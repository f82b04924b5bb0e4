using GenModels.Data;
using TorchSharp;

namespace GenModels.Evaluation;

/// <summary>
/// The log-likelihood of a variational model, such as a VAE, estimated by importance sampling with q(z|x) as the proposal:
/// L_k = E[log (1/k) Σ p(x, zᵢ)/q(zᵢ|x)], zᵢ ~ q(z|x) (Burda, Grosse and Salakhutdinov 2016, equation 8). In expectation
/// ELBO = L_1 ≤ L_k ≤ L_{k+1} ≤ log p(x), and L_k → log p(x).
/// </summary>
public static class ImportanceSampling
{
    /// <summary>Estimates log p(x) of each example, and the mean.</summary>
    /// <param name="model">The model; a VAE's β has no part in its likelihood.</param>
    /// <param name="examples">What to evaluate on.</param>
    /// <param name="options">How many draws; null takes the defaults.</param>
    /// <param name="progress">Told the share of the examples that is done, in (0, 1].</param>
    /// <param name="cancellation">Ends the estimate between two chunks.</param>
    /// <returns>Nats per example. The same options give the same figures, bit for bit.</returns>
    /// <exception cref="ArgumentException">The examples have another shape than the model's, or a setting lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">The estimate was cancelled.</exception>
    public static LogLikelihoodEstimate Estimate(
        IVariationalModel model, IExampleSource examples, ImportanceSamplingOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new ImportanceSamplingOptions();
        options.Validate();
        ExampleSources.Check(examples, model.Options.ExampleShape, model.Condition);

        using var generator = RandomStreams.For(options.Seed, RandomStreams.Evaluation);
        // Where the draws of an example leave room in a chunk, several examples share it.
        using var loader = new BatchLoader(examples, Math.Max(1, options.ChunkSize / options.Samples), model.Device, model.Condition);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var weights = new List<LogMeanExponential>(examples.Count);
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            using var scope = torch.NewDisposeScope();
            weights.AddRange(OfBatch(model, loader.Load(order, batch), options, generator, cancellation));
            progress?.Report((double)weights.Count / examples.Count);
        }
        double[] values = [.. weights.Select(w => w.Value)];
        return new(MeanEstimate.Of(values), values, weights.Average(w => w.EffectiveCount));
    }

    private static LogMeanExponential[] OfBatch(
        IVariationalModel model, Batch batch, ImportanceSamplingOptions options, torch.Generator generator, CancellationToken cancellation)
    {
        var sums = new LogMeanExponential[batch.Examples.shape[0]];
        Array.Fill(sums, new());
        using var proposal = model.Propose(batch, generator);
        foreach (var (_, draws) in SampleChunks.Of(options.Samples, options.ChunkSize))
        {
            cancellation.ThrowIfCancellationRequested();
            double[] weights = proposal.LogWeights(draws, generator);
            for (int i = 0; i < weights.Length; i++) sums[i / draws].Add(weights[i]);
        }
        return sums;
    }
}
