using System.Globalization;

namespace GenModels.Benchmarks.Comparison;

/// <summary>Times one workload on both sides in turn, each at the thread setting that suits it best.</summary>
internal sealed class SideBySide(Workload workload, int pairs)
{
    private const double BurstSeconds = 0.7;
    private const int StepsBeforeTiming = 200;

    // The same weights, batches and noise, but for dropout's masks: over the first steps the losses differ by rounding, which training
    // amplifies, a GAN's most.
    private const double LossTolerance = 0.01;

    public Row Run()
    {
        string weights = Path.GetTempFileName();
        try
        {
            var (ourThreads, seeds) = Best(threads => Contestant.GenModels(workload, threads, weights), Steps);
            var (theirThreads, _) = Best(threads => Contestant.PyTorch(workload, threads, weights, seeds), Steps);
            var (floorThreads, _) = Best(threads => Contestant.GenModels(workload, threads, weights), (contestant, count) => contestant.Floor(count));
            using var ours = Contestant.GenModels(workload, ourThreads, weights);
            using var theirs = Contestant.PyTorch(workload, theirThreads, weights, ours.Greeting);
            using var floor = Contestant.GenModels(workload, floorThreads, weights);
            return Compare(ours, theirs, floor) with
            {
                GenModelsThreads = ourThreads.ToString(),
                PyTorchThreads = theirThreads.ToString(),
                FloorThreads = floorThreads.ToString(),
            };
        }
        finally
        {
            File.Delete(weights);
        }
    }

    private Row Compare(Contestant ours, Contestant theirs, Contestant floor)
    {
        int first = workload.Repeated is null ? StepsBeforeTiming : 1;
        var (ourWarmUp, ourLoss) = ours.Steps(first);
        var (theirWarmUp, theirLoss) = theirs.Steps(first);
        if (!(Math.Abs(ourLoss - theirLoss) <= LossTolerance * Math.Abs(theirLoss)))
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{workload.Name}: the losses over the first {first} steps are {ourLoss} and {theirLoss}, expected the same within {LossTolerance:P0}."));

        int floorBurst = Burst(floor.Floor(20));
        var (ourBurst, theirBurst) = (Burst(ourWarmUp), Burst(theirWarmUp));
        var (mine, other, least) = (new double[pairs], new double[pairs], new double[pairs]);
        for (int i = 0; i < pairs; i++)
        {
            least[i] = floor.Floor(floorBurst);
            mine[i] = ours.Steps(ourBurst).Milliseconds;
            other[i] = theirs.Steps(theirBurst).Milliseconds;
        }
        return new Row
        {
            Workload = workload.Name,
            GenModels = Median(mine),
            PyTorch = Median(other),
            Floor = Median(least),
            Ratio = Spread.Of(mine.Zip(other, (a, b) => b / a)),
            OverFloor = Spread.Of(mine.Zip(least, (a, b) => a / b)),
            GenModelsMegabytes = ours.PeakMegabytes(),
            PyTorchMegabytes = theirs.PeakMegabytes(),
            GenModelsLoss = ourLoss,
            PyTorchLoss = theirLoss,
        };
    }

    /// <summary>Tries every thread setting for a moment.</summary>
    private (ThreadSetting Threads, string Greeting) Best(Func<ThreadSetting, Contestant> start, Func<Contestant, int, double> run)
    {
        var trials = ThreadSetting.All.Select(threads =>
        {
            using var contestant = start(threads);
            int burst = Burst(run(contestant, workload.Repeated is null ? 30 : 1));
            double best = Enumerable.Range(0, 3).Min(_ => run(contestant, burst));
            return (threads, contestant.Greeting, best);
        });
        var (chosen, greeting, _) = trials.MinBy(trial => trial.best);
        return (chosen, greeting);
    }

    private static double Steps(Contestant contestant, int count) => contestant.Steps(count).Milliseconds;

    private static int Burst(double milliseconds) => Math.Max(1, (int)(BurstSeconds * 1_000 / milliseconds));

    private static double Median(double[] values) => Spread.Of(values).Median;
}
