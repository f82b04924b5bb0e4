using System.Diagnostics;
using GenModels.Data;
using GenModels.Kernels;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>One run of <see cref="Trainer.Fit"/>: where it stands, and how it gets from step to step.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly ITrainable _model;
    private readonly IExampleSource _examples;
    private readonly IExampleSource? _test;
    private readonly FitOptions _options;
    private readonly RunSaver? _saver;
    private readonly HistoryFile? _historyFile;
    private readonly IProgress<FitProgress>? _progress;
    private readonly Action<EpochRecord>? _epochEnded;
    private readonly ILogger _logger;
    private readonly CancellationToken _cancellation;
    private readonly RandomGenerator _order;
    private readonly BatchLoader _loader;
    private readonly BestWeights? _best;
    private readonly RunLimits _limits;
    private readonly string _name;

    private readonly List<EpochRecord> _epochs = [];
    private MetricsMean _mean = new();
    private TimeSpan _elapsed;
    private int _epoch = 1;
    private int _position;
    private (int Epoch, int Position) _saved;
    private long _steps;
    private bool _inStep;
    private ResumePoint? _resumedFrom;

    public TrainingRun(
        ITrainable model, IExampleSource examples, FitOptions options, IExampleSource? test, IProgress<FitProgress>? progress,
        CheckpointOptions? checkpoints, ILogger logger, Action<EpochRecord>? epochEnded, CancellationToken cancellation)
    {
        (_model, _examples, _options, _test, _progress, _logger, _cancellation) = (model, examples, options, test, progress, logger, cancellation);
        _epochEnded = epochEnded;
        _name = model.GetType().Name;
        if (checkpoints is not null)
        {
            var resumable = model as IResumable ?? throw new ArgumentException(
                $"A {_name} can't be resumed, so that checkpoints of it would be of no use: it is no {nameof(IResumable)}.", nameof(model));
            _saver = new RunSaver(checkpoints, resumable, RunConfiguration.Of(model, options, examples, test), logger);
            _historyFile = new HistoryFile(checkpoints.Folder);
        }
        _order = RandomGenerator.For(options.Seed, RandomStreams.Order);
        _loader = new BatchLoader(examples, options.BatchSize, model.Device, model.Condition);
        _best = options.EarlyStopping is { } stopping ? new BestWeights(stopping) : null;
        _limits = new RunLimits(options, _best);
    }

    /// <summary>Trains until there is a reason to stop.</summary>
    public TrainingHistory Run()
    {
        Begin();
        try
        {
            var reason = Train();
            SaveWhatIsNew();
            TrainingLog.Ended(_logger, _steps, reason);
            if (_best is { Weights.Count: > 0 }) ModelState.Restore(_model, _best.Weights);
            return History(reason);
        }
        catch (OperationCanceledException e)
        {
            // A step that was broken off has drawn random numbers and may have changed weights: no run could go on from there as if nothing had
            // happened. The last checkpoint serves, and the steps since are taken again.
            if (!_inStep) SaveWhatIsNew();
            TrainingLog.Cancelled(_logger, _steps);
            throw new TrainingCanceledException(History(StopReason.Canceled), e);
        }
        catch (Exception e)
        {
            TrainingLog.Failed(_logger, e, _steps);
            throw;
        }
    }

    public void Dispose()
    {
        _saver?.Dispose();
        _loader.Dispose();
        _best?.Dispose();
    }

    private void Begin()
    {
        using var scope = NewDisposeScope();
        if (_saver?.Begin() is { } found)
        {
            _saver.Restore(found.File, found.Point, _best);
            GoOn(found.File.Run);
            _resumedFrom = found.Point;
            TrainingLog.Resumed(_logger, _name, _epoch, _position, _steps, found.Point.Path);
        }
        else
        {
            TrainingLog.Started(_logger, _name, _options.Epochs, _examples.Count, _options.BatchSize);
        }
        _historyFile?.Start(new TrainingHistory(_epochs));
    }

    private void GoOn(RunState run)
    {
        (_epoch, _position, _steps, _elapsed) = (run.Epoch, Math.Min(run.Position, _examples.Count), run.Steps, run.Elapsed);
        _mean = new MetricsMean(run.Sums, run.Position);
        _epochs.AddRange(run.History);
        _saved = (_epoch, _position);
    }

    private StopReason Train()
    {
        while (true)
        {
            if (WhyStop() is { } reason) return reason;
            TrainEpoch();
        }
    }

    private StopReason? WhyStop() => _limits.Reached(_epochs.Count, _steps);

    /// <summary>Goes through what is left of an epoch, or as far as a limit allows.</summary>
    private void TrainEpoch()
    {
        int[] order = Shuffled();
        IMetrics? last = null;
        while (_position < order.Length)
        {
            _cancellation.ThrowIfCancellationRequested();
            last = Step(order);
            if (_position == order.Length) break;
            Report(_epoch, BatchesDone, last, null);
            if (_saver is not null && _saver.IsDue(_steps)) Save();
            if (WhyStop() is not null) return;
        }
        EndEpoch(last ?? new Means(_mean.Result()));
    }

    private IMetrics Step(int[] order)
    {
        long start = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var batch = Augmented(_loader.LoadFrom(order, _position));
        int count = (int)batch.Examples.shape[0];
        _inStep = true;
        var metrics = Train(batch, order);
        // Listeners to progress may read from the source.
        _loader.Settle();
        foreach (var (name, value) in metrics.Named)
            if (!double.IsFinite(value))
                throw Diverged(name, value, batch);
        var duration = Stopwatch.GetElapsedTime(start);
        _mean.Add(metrics, count);
        _elapsed += duration;
        _position += count;
        _steps++;
        _inStep = false;
        TrainingMeter.Step(_name, count, metrics.Loss, duration);
        return metrics;
    }

    /// <summary>The batch as the step shall see it. The seed and the number of the step decide what is drawn.</summary>
    private Batch Augmented(Batch batch)
    {
        if (_options.Augmentations.Count == 0) return batch;
        var generator = RandomGenerator.For(_options.Seed, RandomStreams.OfStep(RandomStreams.Augmentation, _steps));
        return batch with { Examples = _options.Augmentations.Aggregate(batch.Examples, (x, augmentation) => augmentation.Apply(x, generator)) };
    }

    private IMetrics Train(Batch batch, int[] order)
    {
        try
        {
            return _model.TrainStep(batch);
        }
        catch (ArgumentException) when (!ValueRange.Of(batch.Examples).AllFinite)
        {
            throw BadInput(batch.Examples, order);
        }
        catch (NotFiniteUpdateException e)
        {
            throw Diverged(e.Term, e.Value, batch);
        }
    }

    private TrainingDivergedException Diverged(string term, double value, Batch batch) =>
        TrainingDivergedException.OfFigure(_epoch, BatchesDone + 1, term, value, batch.Examples, FiniteCheck.FirstBad(_model));

    private void EndEpoch(IMetrics last)
    {
        // A gradient that was not finite shows in the weights. The next loss would tell, but the last step has none after it.
        if (FiniteCheck.FirstBad(_model) is { } bad) throw TrainingDivergedException.OfWeight(_epoch, BatchesDone, bad);
        var record = new EpochRecord(_epoch, _mean.Result(), Evaluate(), _elapsed, _examples.Count / _elapsed.TotalSeconds);
        LookForBest(record);
        _epochs.Add(record);
        (_epoch, _position, _elapsed, _mean) = (_epoch + 1, 0, TimeSpan.Zero, new());

        // The run stands at the start of the next epoch before anyone is told, so that whatever a listener throws, what is saved is whole.
        _historyFile?.Add(new TrainingHistory(_epochs));
        if (_logger.IsEnabled(LogLevel.Information))
            TrainingLog.EpochEnded(_logger, record.Epoch, _options.Epochs, FigureText.InALine(record.Train), FigureText.InALine(record.Test), record.ExamplesPerSecond);
        Report(record.Epoch, _loader.Batches, last, record);
        _epochEnded?.Invoke(record);
        if (_saver is not null && _saver.IsDue(_steps)) Save();
    }

    private IReadOnlyDictionary<string, double> Evaluate()
    {
        if (_test is null) return new Dictionary<string, double>();
        using var scope = NewDisposeScope();
        using var own = Generator.Default;
        var before = own.get_state();
        try
        {
            return Trainer.Evaluate(_model, _test, _options, _cancellation);
        }
        catch
        {
            // A resumed run evaluates anew, and modules of the user's may draw from libtorch's own generator.
            own.set_state(before);
            throw;
        }
    }

    private void LookForBest(EpochRecord epoch)
    {
        using var alone = ModelGate.Alone(_model);
        _best?.See(epoch, _model.State);
    }

    private void Report(int epoch, int batch, IMetrics metrics, EpochRecord? completed) => _progress?.Report(
        new FitProgress(epoch, _options.Epochs, batch, _loader.Batches, metrics, completed));

    private int BatchesDone => _loader.Covering(_position);

    private void Save()
    {
        var run = new RunState(_epoch, _position, _steps, _elapsed, _mean.Sums, _epochs, _best?.Epoch);
        if (_saver?.Save(run, _best) is { } bad) throw TrainingDivergedException.OfWeight(_epoch, BatchesDone, bad);
        _saved = (_epoch, _position);
    }

    private void SaveWhatIsNew()
    {
        if (_saved != (_epoch, _position)) Save();
    }

    /// <summary>The order of the running epoch's examples, which the seed and the epoch's number decide.</summary>
    private int[] Shuffled()
    {
        _order.Step = (ulong)_epoch - 1;
        return _order.Permutation(_examples.Count);
    }

    private TrainingHistory History(StopReason reason) =>
        new([.. _epochs]) { StopReason = reason, Steps = _steps, BestEpoch = _best?.Epoch?.Epoch, ResumedFrom = _resumedFrom };

    private TrainingDivergedException BadInput(Tensor batch, int[] order) => new(
        _epoch, BatchesDone + 1, "input", double.NaN, FiniteCheck.FiniteRange(batch),
        $"Example {order[_position + FiniteCheck.FirstBadExample(batch)]} of the source has values that are NaN or infinite: remove or replace them.");

    /// <summary>An epoch's means, where its last step was taken before a resumption.</summary>
    private sealed class Means(IReadOnlyDictionary<string, double> figures) : IMetrics
    {
        public double Loss => figures.GetValueOrDefault("loss", double.NaN);

        public IEnumerable<(string Name, double Value)> Named => figures.Select(f => (f.Key, f.Value));
    }
}
