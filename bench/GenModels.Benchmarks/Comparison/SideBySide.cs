using System.Globalization;

namespace GenModels.Benchmarks.Comparison;

/// <summary>Times one workload on both sides in turn, each at the thread setting that suits it best.</summary>
internal sealed class SideBySide(Workload workload, int pairs)
{
    private const double BurstSeconds = 0.7;
    private const int StepsBeforeTiming = 200;

    // The same weights, batches and noise: over the first steps the losses differ by rounding, which training amplifies, a GAN's most.
    private const double LossTolerance = 0.01;

    public Row Run()
    {
        string weights = Path.GetTempFileName();
        try
        {
            var (ourThreads, seeds) = Best(threads => Contestant.GenModels(workload, threads, weights));
            var (theirThreads, _) = Best(threads => Contestant.PyTorch(workload, threads, weights, seeds));
            using var ours = Contestant.GenModels(workload, ourThreads, weights);
            using var theirs = Contestant.PyTorch(workload, theirThreads, weights, ours.Greeting);
            return Compare(ours, theirs, ourThreads, theirThreads);
        }
        finally
        {
            File.Delete(weights);
        }
    }

    private Row Compare(Contestant ours, Contestant theirs, ThreadSetting ourThreads, ThreadSetting theirThreads)
    {
        var (ourWarmUp, ourLoss) = ours.Steps(StepsBeforeTiming);
        var (theirWarmUp, theirLoss) = theirs.Steps(StepsBeforeTiming);
        if (!(Math.Abs(ourLoss - theirLoss) <= LossTolerance * Math.Abs(theirLoss)))
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{workload.Name}: the losses over the first {StepsBeforeTiming} steps are {ourLoss} and {theirLoss}, expected the same within {LossTolerance:P0}."));

        int floorBurst = Burst(ours.Floor(20));
        var (ourBurst, theirBurst) = (Burst(ourWarmUp), Burst(theirWarmUp));
        var (mine, other, floor) = (new double[pairs], new double[pairs], new double[pairs]);
        for (int i = 0; i < pairs; i++)
        {
            floor[i] = ours.Floor(floorBurst);
            mine[i] = ours.Steps(ourBurst).Milliseconds;
            other[i] = theirs.Steps(theirBurst).Milliseconds;
        }
        var ratios = mine.Zip(other, (a, b) => b / a).Order().ToArray();
        var overFloor = mine.Zip(floor, (a, b) => a / b).Order().ToArray();
        return new(
            workload.Name, Median(mine), ourThreads.ToString(), Median(other), theirThreads.ToString(), Median(ratios), ratios[pairs / 4], ratios[pairs - 1 - pairs / 4],
            Median(floor), Median(overFloor), ours.PeakMegabytes(), theirs.PeakMegabytes(), ourLoss, theirLoss);
    }

    /// <summary>Tries every thread setting for a moment.</summary>
    private static (ThreadSetting Threads, string Greeting) Best(Func<ThreadSetting, Contestant> start)
    {
        var trials = ThreadSetting.All.Select(threads =>
        {
            using var contestant = start(threads);
            double milliseconds = contestant.Steps(30).Milliseconds;
            int burst = Burst(milliseconds);
            double best = Enumerable.Range(0, 3).Min(_ => contestant.Steps(burst).Milliseconds);
            return (threads, contestant.Greeting, best);
        });
        var (chosen, greeting, _) = trials.MinBy(trial => trial.best);
        return (chosen, greeting);
    }

    private static int Burst(double milliseconds) => Math.Max(1, (int)(BurstSeconds * 1_000 / milliseconds));

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What a comparison found. Times are medians in milliseconds a step; the ratio's spread is that of its quartiles.</summary>
internal sealed record Row(
    string Workload, double GenModels, string GenModelsThreads, double PyTorch, string PyTorchThreads, double Ratio, double LowerQuartile, double UpperQuartile,
    double Floor, double OverFloor, double GenModelsMegabytes, double PyTorchMegabytes, double GenModelsLoss, double PyTorchLoss);
