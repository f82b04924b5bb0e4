using System.Diagnostics;
using GenModels.Data;
using TorchSharp;

namespace GenModels.Training;

/// <summary>Trains and evaluates any model on any source of examples.</summary>
public static class Trainer
{
    /// <summary>Trains a model: every epoch visits every example once, in an order of its own.</summary>
    /// <param name="model">The model, which is changed step by step.</param>
    /// <param name="examples">What to learn from.</param>
    /// <param name="options">How long and in what portions; null takes the defaults.</param>
    /// <param name="test">Held-out examples, evaluated after every epoch; null leaves that out.</param>
    /// <param name="progress">Told after every step, on the thread that the implementation chooses.</param>
    /// <param name="cancellation">Ends training between two steps; the model stays usable.</param>
    /// <returns>What each epoch brought.</returns>
    /// <exception cref="ArgumentException">The examples have another shape than the model's, there are none, or a setting lies outside its range.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">A figure stopped being finite; the message names epoch, batch and figure.</exception>
    public static TrainingHistory Fit(
        IGenerativeModel model, IExampleSource examples, FitOptions? options = null, IExampleSource? test = null,
        IProgress<FitProgress>? progress = null, CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new FitOptions();
        options.Validate();
        Guard.Source(examples, model.Options.ExampleShape);
        if (test is not null) Guard.Source(test, model.Options.ExampleShape);

        using var order = RandomStreams.For(options.Seed, RandomStreams.Order);
        using var loader = new BatchLoader(examples, options.BatchSize, model.Device);
        var epochs = new List<EpochRecord>(options.Epochs);
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            int[] shuffled = Shuffled(examples.Count, order);
            var mean = new MetricsMean();
            var watch = Stopwatch.StartNew();
            for (int batch = 0; batch < loader.Batches; batch++)
            {
                cancellation.ThrowIfCancellationRequested();
                var metrics = Step(model, loader, shuffled, batch, out int count);
                ThrowIfDiverged(metrics, epoch, batch + 1);
                mean.Add(metrics, count);
                bool last = batch == loader.Batches - 1;
                if (last) epochs.Add(Record(epoch, mean, watch.Elapsed, examples.Count, model, test, options, cancellation));
                progress?.Report(new FitProgress(epoch, options.Epochs, batch + 1, loader.Batches, metrics, last ? epochs[^1] : null));
            }
        }
        return new TrainingHistory(epochs);
    }

    /// <summary>Evaluates a model's objective on every example of a source, without changing the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">What to evaluate on.</param>
    /// <param name="options">Batch size and seed of the evaluation; null takes the defaults. The same seed draws the same noise.</param>
    /// <param name="cancellation">Ends the evaluation between two batches.</param>
    /// <returns>The model's figures by name, means over the examples.</returns>
    /// <exception cref="ArgumentException">The examples have another shape than the model's, or there are none.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(
        IGenerativeModel model, IExampleSource examples, FitOptions? options = null, CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new FitOptions();
        options.Validate();
        Guard.Source(examples, model.Options.ExampleShape);

        using var generator = RandomStreams.For(options.Seed, RandomStreams.Evaluation);
        using var loader = new BatchLoader(examples, options.EvaluationBatchSize, model.Device);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var mean = new MetricsMean();
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var examplesOfBatch = loader.Load(order, batch);
            mean.Add(model.Evaluate(examplesOfBatch, generator), (int)examplesOfBatch.shape[0]);
        }
        return mean.Result();
    }

    private static IMetrics Step(IGenerativeModel model, BatchLoader loader, int[] order, int batch, out int count)
    {
        using var scope = torch.NewDisposeScope();
        var examples = loader.Load(order, batch);
        count = (int)examples.shape[0];
        return model.TrainStep(examples);
    }

    private static EpochRecord Record(
        int epoch, MetricsMean mean, TimeSpan duration, int count, IGenerativeModel model, IExampleSource? test, FitOptions options,
        CancellationToken cancellation)
    {
        var held = test is null ? new Dictionary<string, double>() : Evaluate(model, test, options, cancellation);
        return new EpochRecord(epoch, mean.Result(), held, duration, count / duration.TotalSeconds);
    }

    private static int[] Shuffled(int count, torch.Generator generator)
    {
        using var scope = torch.NewDisposeScope();
        return Array.ConvertAll(torch.randperm(count, generator: generator).data<long>().ToArray(), i => (int)i);
    }

    private static void ThrowIfDiverged(IMetrics metrics, int epoch, int batch)
    {
        foreach (var (name, value) in metrics.Named)
            if (!double.IsFinite(value)) throw new TrainingDivergedException(epoch, batch, name, value);
    }
}
