using System.Diagnostics;
using GenModels.Training;
using Spectre.Console;

namespace GenModels.Samples;

/// <summary>Shows training as a bar with the loss and the time left; where output is no terminal, as a line an epoch.</summary>
public static class TrainingDisplay
{
    /// <summary>Runs a training and shows its progress.</summary>
    public static TrainingHistory Show(Func<IProgress<FitProgress>, TrainingHistory> training)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive) return training(new Lines());
        return AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => training(new Bar(context.AddTask("starting", maxValue: 1))));
    }

    /// <summary>An epoch's figures as text.</summary>
    public static string Describe(EpochRecord epoch)
    {
        string Figures(string name, IReadOnlyDictionary<string, double> figures) =>
            figures.Count == 0 ? "" : $"  {name}: {string.Join(", ", figures.Select(f => $"{f.Key} {f.Value:F3}"))}";
        return $"epoch {epoch.Epoch}{Figures("train", epoch.Train)}{Figures("test", epoch.Test)}  {epoch.ExamplesPerSecond:F0} examples/s";
    }

    private sealed class Bar(ProgressTask task) : IProgress<FitProgress>
    {
        private readonly Stopwatch _sinceShown = Stopwatch.StartNew();

        public void Report(FitProgress value)
        {
            if (value.Completed is null && _sinceShown.ElapsedMilliseconds < 100) return;
            _sinceShown.Restart();
            task.Description = $"epoch {value.Epoch}/{value.Epochs}  loss {value.Metrics.Loss:F3}";
            task.Value = value.Fraction;
        }
    }

    private sealed class Lines : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Completed is { } epoch) Console.WriteLine(Describe(epoch));
        }
    }
}
