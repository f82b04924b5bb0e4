using System.Diagnostics;
using System.Globalization;
using GenModels.Networks;
using GenModels.Reporting;
using static TorchSharp.torch;

namespace GenModels.Benchmarks.Comparison;

/// <summary>How the cost of a VAE's step grows with its batch and its width, beside the matrix products alone.</summary>
internal static class Scaling
{
    private const int Batch = 128;
    private const int Width = 400;
    private const int Latent = 20;
    private const int Repeats = 7;
    private const double Seconds = 0.2;

    public static void Print(string chartFile)
    {
        set_num_threads(Environment.ProcessorCount);
        var chart = new LineChart { Title = "Steps a second of a VAE 784-width-20", XLabel = "batch (width 400) or width (batch 128)", YLabel = "steps a second", IsLogarithmic = true, IsLogarithmicX = true };
        Series(chart, "batch", [32, 64, 128, 256, 512, 1_024, 2_048, 4_096], n => (n, Width));
        Series(chart, "width", [64, 128, 256, 512, 1_024, 2_048], n => (Batch, n));
        chart.Save(chartFile);
    }

    private static void Series(LineChart chart, string name, int[] sizes, Func<int, (int Batch, int Width)> shape)
    {
        // First the one and then the other: the threads behind libtorch's products go on spinning for a while when they are done.
        double[] model = [.. sizes.Select(size => OfStep(shape(size)))];
        double[] floor = [.. sizes.Select(size => OfProducts(shape(size)))];
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Console.WriteLine($"| {name} | GenModels, ms a step | floor, ms | GenModels ÷ floor | GFLOP a second |");
        Console.WriteLine("|---|---|---|---|---|");
        for (int i = 0; i < sizes.Length; i++)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {sizes[i]} | {model[i]:F3} | {floor[i]:F3} | {model[i] / floor[i]:F2} | {Operations(shape(sizes[i])) / model[i] / 1e6:F0} |"));
        double[] x = [.. sizes.Select(size => (double)size)];
        chart.Add($"{name}: GenModels", x, [.. model.Select(milliseconds => 1_000 / milliseconds)]);
        chart.Add($"{name}: matrix products alone", x, [.. floor.Select(milliseconds => 1_000 / milliseconds)]);
    }

    private static double OfStep((int Batch, int Width) shape)
    {
        using var model = Model(shape).Model();
        using var examples = rand(shape.Batch, 784);
        return Least(() => model.TrainStep(examples));
    }

    private static double OfProducts((int Batch, int Width) shape)
    {
        using var scope = NewDisposeScope();
        return Least(Model(shape).Floor().Run);
    }

    private static Workload Model((int Batch, int Width) shape) => Workload.Vae("scaling", shape.Batch, Latent, Activation.Relu, shape.Width);

    /// <summary>Milliseconds a run, the least of several turns.</summary>
    private static double Least(Action run) => Enumerable.Range(0, Repeats).Min(_ => Timed(run));

    private static double Timed(Action run)
    {
        run();
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        do
        {
            run();
            count++;
        } while (Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
    }

    // Two for each multiplication: by every weight forwards, for its gradient, and for its input's, which the first layer has not.
    private static double Operations((int Batch, int Width) shape)
    {
        double weights = 784.0 * shape.Width + 2 * Latent * shape.Width + Latent * shape.Width + 784.0 * shape.Width;
        return 2 * shape.Batch * (3 * weights - 784.0 * shape.Width);
    }
}
