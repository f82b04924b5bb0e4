using System.Diagnostics;
using GenModels.Data;
using GenModels.Kernels;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>One run of <see cref="Trainer.Fit"/>: where it stands, and how it gets from step to step.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly IGenerativeModel _model;
    private readonly IExampleSource _examples;
    private readonly IExampleSource? _test;
    private readonly FitOptions _options;
    private readonly RunSaver? _saver;
    private readonly HistoryFile? _historyFile;
    private readonly IProgress<FitProgress>? _progress;
    private readonly ILogger _logger;
    private readonly CancellationToken _cancellation;
    private readonly Generator _order;
    private readonly BatchLoader _loader;
    private readonly BestWeights? _best;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _name;

    private readonly List<EpochRecord> _epochs = [];
    private Tensor _orderOfEpoch;
    private MetricsMean _mean = new();
    private TimeSpan _elapsed;
    private int _epoch = 1;
    private int _position;
    private (int Epoch, int Position) _saved;
    private long _steps;
    private ResumePoint? _resumedFrom;

    public TrainingRun(
        IGenerativeModel model, IExampleSource examples, FitOptions options, IExampleSource? test, IProgress<FitProgress>? progress,
        CheckpointOptions? checkpoints, ILogger logger, CancellationToken cancellation)
    {
        (_model, _examples, _options, _test, _progress, _logger, _cancellation) = (model, examples, options, test, progress, logger, cancellation);
        _name = model.GetType().Name;
        _order = RandomStreams.For(options.Seed, RandomStreams.Order);
        _orderOfEpoch = OrderState();
        _loader = new BatchLoader(examples, options.BatchSize, model.Device);
        _best = options.EarlyStopping is { } stopping ? new BestWeights(stopping) : null;
        if (checkpoints is null) return;
        var resumable = model as IResumable ?? throw new ArgumentException(
            $"A {_name} can't be resumed, so that checkpoints of it would be of no use: it is no {nameof(IResumable)}.", nameof(model));
        _saver = new RunSaver(checkpoints, resumable, RunConfiguration.Of(model, options, examples, test), logger);
        _historyFile = new HistoryFile(checkpoints.Folder);
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
        catch (OperationCanceledException)
        {
            SaveWhatIsNew();
            TrainingLog.Cancelled(_logger, _steps);
            throw;
        }
        catch (Exception e)
        {
            TrainingLog.Failed(_logger, e, _steps);
            throw;
        }
    }

    public void Dispose()
    {
        _order.Dispose();
        _orderOfEpoch.Dispose();
        _loader.Dispose();
        _best?.Dispose();
    }

    private void Begin()
    {
        using var scope = NewDisposeScope();
        if (_saver?.Begin() is { } found)
        {
            _saver.Restore(found.File, found.Point, _order, _best);
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
        KeepOrder();
    }

    private StopReason Train()
    {
        while (true)
        {
            if (WhyStop() is { } reason) return reason;
            TrainEpoch();
        }
    }

    private StopReason? WhyStop()
    {
        if (_epoch > _options.Epochs) return StopReason.Completed;
        if (_best is not null && _best.IsExhausted(_epochs.Count)) return StopReason.EarlyStopping;
        if (_steps >= _options.MaxSteps) return StopReason.MaxSteps;
        return _clock.Elapsed >= _options.MaxDuration ? StopReason.MaxDuration : null;
    }

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
            Report(last, null);
            if (_saver is not null && _saver.IsDue(_steps)) Save();
            if (WhyStop() is not null) return;
        }
        EndEpoch(last ?? new Means(_mean.Result()));
    }

    private IMetrics Step(int[] order)
    {
        long start = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var batch = _loader.LoadFrom(order, _position);
        int count = (int)batch.shape[0];
        var metrics = Train(batch, order);
        foreach (var (name, value) in metrics.Named)
            if (!double.IsFinite(value)) throw Diverged(name, value, batch);
        var duration = Stopwatch.GetElapsedTime(start);
        _mean.Add(metrics, count);
        _elapsed += duration;
        _position += count;
        _steps++;
        TrainingMeter.Step(_name, count, metrics.Loss, duration);
        return metrics;
    }

    private IMetrics Train(Tensor batch, int[] order)
    {
        try
        {
            return _model.TrainStep(batch);
        }
        catch (ArgumentException) when (!ValueRange.Of(batch).AllFinite)
        {
            throw BadInput(batch, order);
        }
    }

    private void EndEpoch(IMetrics last)
    {
        // A gradient that was not finite shows in the weights. The next loss would tell, but the last step has none after it.
        if (FiniteCheck.FirstBad(_model) is { } bad) throw BadWeight(bad);
        var held = _test is null ? new Dictionary<string, double>() : Trainer.Evaluate(_model, _test, _options, _cancellation);
        var record = new EpochRecord(_epoch, _mean.Result(), held, _elapsed, _examples.Count / _elapsed.TotalSeconds);
        _epochs.Add(record);
        _best?.See(record, _model);
        _historyFile?.Add(new TrainingHistory(_epochs));
        if (_logger.IsEnabled(LogLevel.Information))
            TrainingLog.EpochEnded(_logger, _epoch, _options.Epochs, TrainingLog.Figures(record.Train), TrainingLog.Figures(record.Test), record.ExamplesPerSecond);
        Report(last, record);

        (_epoch, _position, _elapsed, _mean) = (_epoch + 1, 0, TimeSpan.Zero, new());
        KeepOrder();
        if (_saver is not null && _saver.IsDue(_steps)) Save();
    }

    private void Report(IMetrics metrics, EpochRecord? completed) => _progress?.Report(
        new FitProgress(_epoch, _options.Epochs, BatchesDone, _loader.Batches, metrics, completed));

    private int BatchesDone => (_position + _options.BatchSize - 1) / _options.BatchSize;

    private void Save()
    {
        var run = new RunState(_epoch, _position, _steps, _elapsed, _mean.Sums, _epochs, _best?.Epoch);
        if (_saver?.Save(run, _orderOfEpoch, _best) is { } bad) throw BadWeight(bad);
        _saved = (_epoch, _position);
    }

    private void SaveWhatIsNew()
    {
        if (_saved != (_epoch, _position)) Save();
    }

    private int[] Shuffled()
    {
        using var scope = NewDisposeScope();
        return Array.ConvertAll(randperm(_examples.Count, generator: _order).data<long>().ToArray(), i => (int)i);
    }

    /// <summary>Keeps the generator's state of the epoch's start, from which its order follows.</summary>
    private void KeepOrder()
    {
        _orderOfEpoch.Dispose();
        _orderOfEpoch = OrderState();
    }

    private Tensor OrderState() => _order.get_state().DetachFromDisposeScope();

    private TrainingHistory History(StopReason reason) =>
        new(_epochs) { StopReason = reason, Steps = _steps, BestEpoch = _best?.Epoch?.Epoch, ResumedFrom = _resumedFrom };

    private TrainingDivergedException Diverged(string term, double value, Tensor batch)
    {
        string remark = FiniteCheck.FirstBad(_model) is { } bad
            ? $"'{bad}' of the model was no longer finite: a gradient of the step before was not. Try a smaller learning rate."
            : "Try a smaller learning rate, and look at the range of the data.";
        return new TrainingDivergedException(_epoch, BatchesDone + 1, term, value, FiniteRange(batch), remark);
    }

    private TrainingDivergedException BadWeight(string name) => new(
        _epoch, BatchesDone, name, double.NaN, (double.NaN, double.NaN),
        "It was found not to be finite, since a gradient was not. Try a smaller learning rate.");

    private TrainingDivergedException BadInput(Tensor batch, int[] order)
    {
        float[] values = Values(batch);
        int bad = Array.FindIndex(values, v => !float.IsFinite(v)) / (values.Length / (int)batch.shape[0]);
        return new TrainingDivergedException(
            _epoch, BatchesDone + 1, "input", double.NaN, FiniteRange(batch),
            $"Example {order[_position + bad]} of the source has values that are NaN or infinite: remove or replace them.");
    }

    private static (double, double) FiniteRange(Tensor batch)
    {
        float[] finite = Array.FindAll(Values(batch), float.IsFinite);
        return finite.Length == 0 ? (double.NaN, double.NaN) : (finite.Min(), finite.Max());
    }

    private static float[] Values(Tensor batch)
    {
        using var scope = NewDisposeScope();
        return batch.cpu().data<float>().ToArray();
    }

    /// <summary>An epoch's means, where its last step was taken before a resumption.</summary>
    private sealed class Means(IReadOnlyDictionary<string, double> figures) : IMetrics
    {
        public double Loss => figures.GetValueOrDefault("loss", double.NaN);

        public IEnumerable<(string Name, double Value)> Named => figures.Select(f => (f.Key, f.Value));
    }
}
