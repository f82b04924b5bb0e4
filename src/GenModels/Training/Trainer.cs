using GenModels.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
    /// <param name="checkpoints">Where the run is saved and whether it goes on from there, which needs an <see cref="IResumable"/>; null saves nothing.</param>
    /// <param name="logger">Told of start, resumption, epochs, checkpoints and the end; null tells no one.</param>
    /// <param name="epochEnded">
    /// Called at the end of every epoch, on the training thread and before anything else happens: the place to look at samples or to save a picture.
    /// Training waits for it, and what it throws ends the run.
    /// </param>
    /// <param name="cancellation">Ends training between two steps, after a checkpoint where there shall be any; the model stays usable.</param>
    /// <returns>What each epoch brought, and why training ended.</returns>
    /// <remarks>
    /// A resumed run ends in the same bits as one that was never stopped: weights, figures and samples. Generative models of dense
    /// layers give the same bits for any number of threads and on any machine; what goes over libtorch's operators, on the same machine and for the
    /// same number of threads. The meter <c>GenModels</c> has instruments for steps, examples, losses and durations.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The examples have another shape than the model's, there are none, a setting lies outside its range, or early stopping has no such figure.
    /// </exception>
    /// <exception cref="TrainingCanceledException">
    /// Training was cancelled, by the token or by an <see cref="OperationCanceledException"/> from <paramref name="progress"/>,
    /// <paramref name="epochEnded"/>, <paramref name="logger"/>, the examples or the model. It has the history until then. The run has been saved where
    /// there are checkpoints, unless it was the model that threw in the middle of a step.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A figure, a weight or an input is not finite; the message names epoch, batch and which.</exception>
    /// <exception cref="ConfigurationChangedException">The checkpoint is of a run with other settings or data.</exception>
    /// <exception cref="ModelFileException">There are checkpoints and none is whole, or it is of another model.</exception>
    /// <exception cref="IOException">
    /// A checkpoint can't be read or written, and the one before it stays; or another run is using the folder, and the message says which.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// Checkpoints are requested, but JSON serialization by reflection is disabled, and the model's settings have no <see cref="SerializerContextAttribute"/>.
    /// </exception>
    public static TrainingHistory Fit(
        ITrainable model, IExampleSource examples, FitOptions? options = null, IExampleSource? test = null,
        IProgress<FitProgress>? progress = null, CheckpointOptions? checkpoints = null, ILogger? logger = null,
        Action<EpochRecord>? epochEnded = null, CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new FitOptions();
        options.Validate();
        checkpoints?.Validate();
        ExampleSources.Check(examples, model.Options.ExampleShape, model.Condition);
        if (test is not null) ExampleSources.Check(test, model.Options.ExampleShape, model.Condition);
        CheckEarlyStopping(options, test);
        foreach (var augmentation in options.Augmentations) augmentation.Validate(model.Options.ExampleShape);

        using var run = new TrainingRun(model, examples, options, test, progress, checkpoints, logger ?? NullLogger.Instance, epochEnded, cancellation);
        return run.Run();
    }

    /// <summary>Trains a model on a thread of the pool; everything else is as <see cref="Fit"/> has it.</summary>
    /// <inheritdoc cref="Fit"/>
    /// <returns>A task with what each epoch brought, and why training ended; it fails with a <see cref="TrainingCanceledException"/> where training was canceled.</returns>
    public static Task<TrainingHistory> FitAsync(
        ITrainable model, IExampleSource examples, FitOptions? options = null, IExampleSource? test = null,
        IProgress<FitProgress>? progress = null, CheckpointOptions? checkpoints = null, ILogger? logger = null,
        Action<EpochRecord>? epochEnded = null, CancellationToken cancellation = default) =>
        // Told the token only where training looks at it, so that a run that never began still says so with its history.
        Task.Run(() => Fit(model, examples, options, test, progress, checkpoints, logger, epochEnded, cancellation), CancellationToken.None);

    /// <summary>Evaluates a model's objective on every example of a source, without changing the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">What to evaluate on.</param>
    /// <param name="options">Batch size and seed of the evaluation; null takes the defaults. The same seed draws the same noise.</param>
    /// <param name="cancellation">Ends the evaluation between two batches.</param>
    /// <returns>The model's figures by name, means over the examples.</returns>
    /// <exception cref="ArgumentException">The examples have another shape than the model's, or there are none.</exception>
    /// <exception cref="OperationCanceledException">The evaluation was cancelled.</exception>
    public static IReadOnlyDictionary<string, double> Evaluate(
        ITrainable model, IExampleSource examples, FitOptions? options = null, CancellationToken cancellation = default)
    {
        Guard.NotNull(model);
        options ??= new FitOptions();
        options.Validate();
        ExampleSources.Check(examples, model.Options.ExampleShape, model.Condition);

        var generator = RandomGenerator.For(options.Seed, RandomStreams.Evaluation);
        using var loader = new BatchLoader(examples, options.EvaluationBatchSize, model.Device, model.Condition);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        var mean = new MetricsMean();
        for (int batch = 0; batch < loader.Batches; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = torch.NewDisposeScope();
            var examplesOfBatch = loader.Load(order, batch);
            mean.Add(model.Evaluate(examplesOfBatch, generator), (int)examplesOfBatch.Examples.shape[0]);
        }
        return mean.Result();
    }

    /// <summary>Rejects early stopping without held-out examples.</summary>
    internal static void CheckEarlyStopping(FitOptions options, IExampleSource? test)
    {
        if (test is null && options.EarlyStopping is not null)
            throw new ArgumentException("Early stopping looks at held-out figures, and there are no held-out examples: give some.", nameof(test));
    }
}
