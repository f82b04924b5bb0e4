using System.Diagnostics;
using System.Globalization;
using GenModels.Data;
using GenModels.Evaluation;
using TorchSharp;

namespace GenModels.Benchmarks;

/// <summary>The same measurement as bench/pytorch/iw_nll.py: log p(x) of random images under a 784-400-20 VAE, from 5,000 draws for each.</summary>
internal static class ImportanceSamplingTiming
{
    private const int Samples = 5_000;

    /// <param name="arguments">How many images, and how many draws at once; by default 1,000 of each.</param>
    public static void Print(string[] arguments)
    {
        int[] counts = [.. arguments.Select(count => int.Parse(count, CultureInfo.InvariantCulture)), .. new[] { 1_000, 1_000 }.Skip(arguments.Length)];
        var (images, chunk) = (counts[0], counts[1]);
        using var vae = new Vae(new VaeOptions());
        var random = new Random(1);
        var examples = new ArraySource([.. Enumerable.Range(0, images * 784).Select(_ => random.NextSingle())], 784);
        var options = new ImportanceSamplingOptions { Samples = Samples, ChunkSize = chunk };
        ImportanceSampling.Estimate(vae, new ArraySource(examples.Values[..784].ToArray(), 784), options);

        using var process = Process.GetCurrentProcess();
        long start = Stopwatch.GetTimestamp();
        var estimate = ImportanceSampling.Estimate(vae, examples, options);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{images} images, {Samples} draws each, chunks of {chunk}, {torch.get_num_threads()} threads: {milliseconds:F0} ms, peak memory {process.PeakWorkingSet64 / 1048576} MB, log p {estimate.LogLikelihood}"));
    }
}
