using System.Diagnostics;
using System.Text.Json.Nodes;
using GenModels.State;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>Saves a run from time to time, and restores it.</summary>
internal sealed class RunSaver(CheckpointOptions options, IResumable model, JsonObject configuration, ILogger logger) : IDisposable
{
    private const string Model = "model.", Training = "training.", Best = "best.", Order = "trainer.order", Default = "trainer.default";

    private readonly CheckpointFolder _folder = new(options.Folder);
    private readonly Stopwatch _sinceSaved = Stopwatch.StartNew();
    private FolderLock? _lock;
    private long _stepsSaved;

    /// <summary>Takes the folder for this run, and finds the checkpoint to go on from, if any.</summary>
    /// <exception cref="IOException">Another run is using the folder, or it can't be written.</exception>
    public (CheckpointFile File, ResumePoint Point)? Begin()
    {
        _lock = _folder.Lock();
        if (!options.Resume) return null;
        var found = _folder.Load();
        if (found is null) TrainingLog.NothingToResume(logger, options.Folder);
        return found;
    }

    /// <summary>Puts a run back: the model, the order of the examples, and libtorch's own generator, which modules of the user's may draw from.</summary>
    /// <remarks>Where it fails, the model is as it was.</remarks>
    /// <exception cref="ConfigurationChangedException">Settings or data are others, and that is not allowed.</exception>
    /// <exception cref="ModelFileException">The checkpoint is of another model, though it says that it has the same settings.</exception>
    /// <exception cref="ArgumentException">The model, whose changed settings are allowed, can't take the state over.</exception>
    public void Restore(CheckpointFile file, ResumePoint point, Generator order, BestWeights? best)
    {
        var changes = RunConfiguration.Changes(file.Configuration, configuration, model);
        if (changes.Count > 0 && !options.AllowChanges) throw new ConfigurationChangedException(point.Path, changes);
        if (point.Passed is { } problem) TrainingLog.PassedOver(logger, problem);
        foreach (var change in changes) TrainingLog.Changed(logger, change);

        using var own = Generator.Default;
        var (orderState, ownState) = (GeneratorOf(file, point.Path, Order, order), GeneratorOf(file, point.Path, Default, own));
        using var alone = ModelGate.Alone(model);
        using var scope = NewDisposeScope();
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        try
        {
            Restore(file, best);
        }
        catch (Exception e)
        {
            ModelState.Restore(model, before);
            // With the same settings it is the checkpoint that does not belong to them.
            if (e is ArgumentException && changes.Count == 0)
                throw ModelFileException.For(
                    point.Path, $"does not fit the model ({ModelFileException.Reason(e)})", "a checkpoint of a model with the same settings and networks", e);
            throw;
        }
        order.set_state(orderState);
        own.set_state(ownState);
        _stepsSaved = file.Run.Steps;
    }

    public bool IsDue(long steps) => _sinceSaved.Elapsed >= options.Every || steps - _stepsSaved >= options.EverySteps;

    /// <summary>Saves a run, unless it has a value that is not finite.</summary>
    /// <returns>The name of what is not finite; null where the run was saved.</returns>
    /// <exception cref="IOException">The checkpoint can't be written; the one before it stays.</exception>
    public string? Save(RunState run, Tensor order, BestWeights? best)
    {
        long start = Stopwatch.GetTimestamp();
        using var alone = ModelGate.Alone(model);
        using var scope = NewDisposeScope();
        using var own = Generator.Default;
        var tensors = new Dictionary<string, Tensor> { [Order] = order, [Default] = own.get_state() };
        Add(tensors, Model, model.State);
        Add(tensors, Training, model.GetTrainingState());
        if (FiniteCheck.FirstBad(tensors) is { } bad) return bad;
        if (best is not null) Add(tensors, Best, best.Weights);
        _folder.Save(new CheckpointFile(run, configuration, tensors));

        _stepsSaved = run.Steps;
        _sinceSaved.Restart();
        var duration = Stopwatch.GetElapsedTime(start);
        TrainingMeter.Checkpoint(model.GetType().Name, duration);
        TrainingLog.Saved(logger, run.Steps, duration.TotalMilliseconds);
        return null;
    }

    /// <summary>Leaves the folder to others.</summary>
    public void Dispose() => _lock?.Dispose();

    private void Restore(CheckpointFile file, BestWeights? best)
    {
        if (best is not null && file.Run.Best is { } epoch)
        {
            var weights = Part(file, Best);
            // So that what does not fit is found now, and not when training ends.
            if (weights.Count > 0) ModelState.Restore(model, weights);
            best.Keep(epoch, weights);
        }
        ModelState.Restore(model, Part(file, Model));
        model.SetTrainingState(Part(file, Training));
    }

    private static Tensor GeneratorOf(CheckpointFile file, string path, string name, Generator generator)
    {
        var present = generator.get_state();
        return file.Tensors.TryGetValue(name, out var state) && state.dtype == present.dtype && state.shape.SequenceEqual(present.shape) && GeneratorState.IsUsable(state)
            ? state
            : throw ModelFileException.For(path, $"has no generator's state under '{name}'", "one of this version of libtorch");
    }

    private static void Add(Dictionary<string, Tensor> tensors, string prefix, IReadOnlyDictionary<string, Tensor> part)
    {
        foreach (var (name, tensor) in part) tensors.Add(prefix + name, tensor);
    }

    private static Dictionary<string, Tensor> Part(CheckpointFile file, string prefix) => file.Tensors
        .Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);
}
