using System.Diagnostics;
using GenModels.Training;
using Spectre.Console;

namespace GenModels.Samples;

/// <summary>Shows training as a bar with a reading and the time left; where output is no terminal, as a line an epoch.</summary>
public static class TrainingDisplay
{
    /// <summary>From the start of the process to its first training step, once there was one.</summary>
    public static TimeSpan? TimeToFirstStep { get; private set; }

    /// <summary>Runs a training, says where it starts, and shows its progress.</summary>
    /// <param name="run">The options.</param>
    /// <param name="training">The training.</param>
    /// <param name="reading">What to tell of the present state, in a few words; the loss, or an epoch's figures, by default.</param>
    public static TrainingHistory Show(RunOptions run, Func<IProgress<FitProgress>, TrainingHistory> training, Func<string>? reading = null)
    {
        if (run.Resume) TellStart(run.Output, Checkpoint.Find(run.Output));
        try
        {
            return Show(progress => training(new FirstStep(progress)), reading);
        }
        catch (OperationCanceledException) when (Checkpoint.Find(run.Output) is { } saved)
        {
            Console.WriteLine($"saved at step {saved.Steps} in epoch {saved.Epoch}; --resume goes on from there");
            throw;
        }
    }

    private static DateTime ProcessStart()
    {
        using var self = Process.GetCurrentProcess();
        return self.StartTime;
    }

    private static void TellStart(string folder, ResumePoint? point)
    {
        if (point?.Passed is { } problem) Console.WriteLine($"passed over: {problem}");
        Console.WriteLine(point is null
            ? $"no checkpoint in {folder}: training starts anew"
            : $"resuming at step {point.Steps} in epoch {point.Epoch} from {point.Path}");
    }

    private static TrainingHistory Show(Func<IProgress<FitProgress>, TrainingHistory> training, Func<string>? reading)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive) return training(new Lines(reading));
        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => training(new Bar(context.AddTask("starting", maxValue: 1), reading)));
    }

    /// <summary>An epoch's figures as text.</summary>
    public static string Describe(EpochRecord epoch)
    {
        string Figures(string name, IReadOnlyDictionary<string, double> figures) =>
            figures.Count == 0 ? "" : $"  {name}: {string.Join(", ", figures.Select(f => $"{f.Key} {f.Value:F3}"))}";
        return $"epoch {epoch.Epoch}{Figures("train", epoch.Train)}{Figures("test", epoch.Test)}  {epoch.ExamplesPerSecond:F0} examples/s";
    }

    private sealed class FirstStep(IProgress<FitProgress> shown) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            TimeToFirstStep ??= DateTime.Now - ProcessStart();
            shown.Report(value);
        }
    }

    private sealed class Bar(ProgressTask task, Func<string>? reading) : IProgress<FitProgress>
    {
        private readonly Stopwatch _sinceShown = Stopwatch.StartNew();

        public void Report(FitProgress value)
        {
            if (value.Completed is null && _sinceShown.ElapsedMilliseconds < 100) return;
            _sinceShown.Restart();
            task.Description = $"epoch {value.Epoch}/{value.Epochs}  {reading?.Invoke() ?? $"loss {value.Metrics.Loss:F3}"}";
            task.Value = value.Fraction;
        }
    }

    private sealed class Lines(Func<string>? reading) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Completed is not { } epoch) return;
            Console.WriteLine(reading is null ? Describe(epoch) : $"epoch {epoch.Epoch}  {reading()}  {epoch.ExamplesPerSecond:F0} examples/s");
        }
    }
}
