using System.Diagnostics;
using GenModels.Data;
using GenModels.Training;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

public sealed partial class ImageClassifier
{
    /// <summary>Trains on images with labels: every epoch visits every image once, in an order of its own.</summary>
    /// <param name="train">The images, with labels below the number of classes.</param>
    /// <param name="options">How long and in what portions; null takes the defaults. Early stopping looks at <c>loss</c> or <c>accuracy</c>.</param>
    /// <param name="test">Held-out images with labels, evaluated after every epoch; null leaves that out.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellation">Ends training between two steps; the classifier stays usable.</param>
    /// <returns>What each epoch brought, <c>loss</c> in nats and <c>accuracy</c>, and why training ended.</returns>
    /// <exception cref="ArgumentException">
    /// The images have another shape or type or no fitting labels, a setting lies outside its range, or early stopping has no such figure.
    /// </exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is not finite; the message names epoch, batch and which.</exception>
    public TrainingHistory Fit(
        ImageSet train, FitOptions? options = null, ImageSet? test = null, IProgress<FitProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        options ??= new FitOptions();
        options.Validate();
        CheckLabels(train, nameof(train));
        if (test is not null) CheckLabels(test, nameof(test));
        Trainer.CheckEarlyStopping(options, test);
        var order = RandomGenerator.For(options.Seed, RandomStreams.Order);
        using var loader = new BatchLoader(train, options.BatchSize, Device);
        using var best = options.EarlyStopping is { } stopping ? new BestWeights(stopping) : null;
        var limits = new RunLimits(options, best);
        var epochs = new List<EpochRecord>();
        long steps = 0;
        StopReason? reason;
        while ((reason = limits.Reached(epochs.Count, steps)) is null)
        {
            int[] shuffled = order.Permutation(train.Count);
            var mean = new MetricsMean();
            var watch = Stopwatch.StartNew();
            for (int batch = 0; batch < loader.Batches && limits.Reached(epochs.Count, steps) is null; batch++)
            {
                cancellation.ThrowIfCancellationRequested();
                int epoch = epochs.Count + 1;
                var metrics = Step(train, loader, shuffled, epoch, batch, mean);
                steps++;
                var completed = batch == loader.Batches - 1 ? Record(epoch, batch, mean, watch.Elapsed, train.Count, test, options) : null;
                if (completed is not null)
                {
                    epochs.Add(completed);
                    best?.See(completed, State);
                }
                progress?.Report(new FitProgress(epoch, options.Epochs, batch + 1, loader.Batches, metrics, completed));
            }
        }
        if (best is not null) Restore(best.Weights);
        return new TrainingHistory(epochs) { StopReason = reason.Value, Steps = steps, BestEpoch = best?.Epoch?.Epoch };
    }

    private ClassifierMetrics Step(ImageSet train, BatchLoader loader, int[] order, int epoch, int batch, MetricsMean mean)
    {
        using var scope = new TrainingScope();
        _network.train(true);
        var x = loader.Load(order, batch);
        int count = (int)x.shape[0];
        var (metrics, gradient) = Judge(_pass.Forward(x), Labels(train, order, loader.Start(batch), count));
        if (!double.IsFinite(metrics.Loss)) throw TrainingDivergedException.OfFigure(epoch, batch + 1, "loss", metrics.Loss, x, FiniteCheck.FirstBad(State));
        mean.Add(metrics, count);
        _optimizer.Step([.. _pass.Backward(gradient).Parameters]);
        return metrics;
    }

    private EpochRecord Record(int epoch, int batch, MetricsMean mean, TimeSpan duration, int count, ImageSet? test, FitOptions options)
    {
        // The loss of the next step would tell of a gradient that was not finite, but the last step has none after it.
        if (FiniteCheck.FirstBad(State) is { } bad) throw TrainingDivergedException.OfWeight(epoch, batch + 1, bad);
        var held = test is null ? [] : Evaluate(test, options.EvaluationBatchSize).Named.ToDictionary(m => m.Name, m => m.Value);
        return new EpochRecord(epoch, mean.Result(), held, duration, count / duration.TotalSeconds);
    }

    private void Restore(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var noGrad = no_grad();
        foreach (var (name, weight) in weights) State[name].copy_(weight);
    }
}
