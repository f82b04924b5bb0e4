using System.Diagnostics;
using System.Globalization;
using GenModels.Data;
using GenModels.Training;
using static TorchSharp.torch;

namespace GenModels.Benchmarks.Comparison;

/// <summary>What part of a VAE's epoch on Fashion-MNIST goes into shuffling and loading its batches.</summary>
internal static class DataShare
{
    private const int BatchSize = 128;
    private const int Repeats = 7;

    public static void Print()
    {
        set_num_threads(Environment.ProcessorCount);
        long start = Stopwatch.GetTimestamp();
        var examples = DataSets.Load("fashion-mnist").Train;
        double reading = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        using var model = new Vae(new VaeOptions());
        var epochs = Trainer.Fit(model, examples, new FitOptions { Epochs = Repeats, BatchSize = BatchSize }).Epochs;
        double epoch = epochs.Min(e => e.Duration.TotalMilliseconds);
        double loading = Enumerable.Range(0, Repeats).Min(_ => Loading(examples));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"reading the files once {reading:F0} ms; an epoch {epoch:F0} ms, of which shuffling and loading {loading:F1} ms: {loading / epoch:P1}"));
    }

    private static double Loading(IExampleSource examples)
    {
        using var scope = NewDisposeScope();
        var generator = new RandomGenerator(1);
        using var loader = new BatchLoader(examples, BatchSize, CPU);
        long start = Stopwatch.GetTimestamp();
        int[] order = generator.Permutation(examples.Count);
        for (int batch = 0; batch < loader.Batches; batch++) loader.Load(order, batch);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
