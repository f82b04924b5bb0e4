using System.Diagnostics;
using System.Globalization;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Benchmarks.Comparison;

/// <summary>
/// A process that trains as it is told, so that two can take turns: a line <c>steps n</c> or <c>floor n</c> on its input runs that many, and
/// answers with their seconds and mean loss; <c>memory</c> answers with the process's peak in megabytes.
/// </summary>
internal sealed class Worker(Workload workload, int threads) : IProgress<FitProgress>
{
    private readonly MatrixProducts _floor = workload.Floor();
    private long _left;
    private long _steps;
    private double _loss;
    private long _start;

    /// <summary>Writes where the model starts, so that the other side starts there too, and takes orders until its input ends.</summary>
    public void Run(string weightsFile)
    {
        torch.set_num_threads(threads);
        using var model = workload.Model();
        using (var file = File.Create(weightsFile))
            foreach (var tensor in model.State.Values.Where(tensor => tensor.requires_grad)) file.Write(tensor.bytes);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{RandomStreams.Derive(0, RandomStreams.Order)} {RandomStreams.Derive(0, RandomStreams.Noise)}"));
        if (workload.Repeated is { } repeated) Repeat(repeated(model));
        else Train(model);
    }

    private void Train(IGenerativeModel model)
    {
        var examples = workload.Examples();
        if (!NextBurst()) return;
        try
        {
            Trainer.Fit(model, examples, new FitOptions { Epochs = 1_000_000, BatchSize = workload.BatchSize }, progress: this);
        }
        catch (InputEnded)
        {
            // Nobody wants more steps.
        }
    }

    private void Repeat(Func<double> step)
    {
        while (NextBurst())
        {
            for (; _left > 0; _left--) _loss += step();
            Answer(Stopwatch.GetElapsedTime(_start).TotalSeconds, _loss / _steps);
        }
    }

    public void Report(FitProgress value)
    {
        _loss += value.Metrics.Loss;
        if (--_left > 0) return;
        Answer(Stopwatch.GetElapsedTime(_start).TotalSeconds, _loss / _steps);
        if (!NextBurst()) throw new InputEnded();
    }

    /// <summary>Obeys until steps are asked for.</summary>
    private bool NextBurst()
    {
        while (Console.ReadLine() is { } line)
        {
            if (line == "memory")
            {
                Answer(PeakMegabytes(), 0);
                continue;
            }
            int count = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            if (line.StartsWith("floor", StringComparison.Ordinal)) RunFloor(count);
            else
            {
                (_left, _steps, _loss, _start) = (count, count, 0, Stopwatch.GetTimestamp());
                return true;
            }
        }
        return false;
    }

    private void RunFloor(int count)
    {
        long start = Stopwatch.GetTimestamp();
        using var noGrad = torch.no_grad();
        for (int i = 0; i < count; i++) _floor.Run();
        Answer(Stopwatch.GetElapsedTime(start).TotalSeconds, 0);
    }

    private static void Answer(double figure, double loss) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure:R} {loss:R}"));

    private static double PeakMegabytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64 / 1e6;
    }

    private sealed class InputEnded : Exception;
}
