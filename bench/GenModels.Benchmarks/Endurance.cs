using System.Diagnostics;
using System.Globalization;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Benchmarks;

/// <summary>Trains a small model for very many steps, with checkpoints and samples on the way, and tells whether memory stays flat.</summary>
internal static class Endurance
{
    private const double Tolerance = 0.05;
    private const int Readings = 20;

    /// <summary>Returns 0 where resident memory stays within 5 % of what it is after the first tenth, and no tensor is left behind.</summary>
    /// <param name="arguments">The model (vae, autoencoder or gan), vae by default, and the number of steps, 500,000 by default.</param>
    public static int Run(string[] arguments)
    {
        string kind = arguments.ElementAtOrDefault(0) ?? "vae";
        long steps = long.Parse(arguments.ElementAtOrDefault(1) ?? "500000", CultureInfo.InvariantCulture);
        torch.set_num_threads(1);
        using var scope = torch.NewDisposeScope();
        var source = new ArraySource(torch.rand(80_000, 16).data<float>().ToArray(), 16);
        var folder = Directory.CreateTempSubdirectory("genmodels-endurance-");
        using var model = Make(kind);
        var readings = new List<(long Step, long Resident, long Tensors)>();
        var watch = Stopwatch.StartNew();
        try
        {
            Trainer.Fit(
                model, source, new FitOptions { Epochs = int.MaxValue, BatchSize = 8, MaxSteps = steps }, source.Slice(80),
                new EveryFew(steps / Readings, step =>
                {
                    if (kind != "autoencoder") ((IGenerativeModel)model).Sample(8, (ulong)step).Dispose();
                    readings.Add((step, Resident(), torch.Tensor.TotalCount));
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{step,9} steps  {watch.Elapsed.TotalSeconds,6:F1} s  resident {readings[^1].Resident / 1048576.0:F1} MiB  live tensors {readings[^1].Tensors}"));
                }),
                new CheckpointOptions { Folder = folder.FullName, Every = null, EverySteps = Math.Max(steps / Readings, 1) });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return Judge(readings);
    }

    private static int Judge(List<(long Step, long Resident, long Tensors)> readings)
    {
        var settled = readings[(Readings / 10)..];
        double first = settled[0].Resident;
        double drift = settled.Max(r => Math.Abs(r.Resident / first - 1));
        bool constant = settled.All(r => r.Tensors == settled[0].Tensors);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"resident memory within {100 * drift:F2} % of what it was after the first tenth; live tensors {(constant ? "constant" : "not constant")}"));
        return constant && drift <= Tolerance ? 0 : 1;
    }

    private static IResumable Make(string kind) => kind switch
    {
        "vae" => new Vae(new VaeOptions { ExampleShape = [16], Hidden = [8], LatentSize = 2, WeightAverage = 0.999 }),
        "autoencoder" => new Autoencoder(new AutoencoderOptions { ExampleShape = [16], Hidden = [8], CodeSize = 2, Corruption = new MaskingCorruption() }),
        "gan" => new Gan(new GanOptions
        {
            ExampleShape = [16],
            NoiseSize = 4,
            Generator = new HiddenLayers { Widths = [8] },
            Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.LeakyRelu },
            WeightAverage = 0.999,
        }),
        _ => throw new ArgumentException($"'{kind}' is no model here: vae, autoencoder or gan."),
    };

    private static long Resident()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static ArraySource Slice(this ArraySource source, int count) => new(source.Values[..(count * 16)].ToArray(), 16);

    private sealed class EveryFew(long interval, Action<long> action) : IProgress<FitProgress>
    {
        private long _steps;

        public void Report(FitProgress value)
        {
            if (++_steps % interval == 0) action(_steps);
        }
    }
}
