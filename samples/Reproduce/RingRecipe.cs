using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Training;

namespace GenModels.Samples;

/// <summary>
/// The ring of eight modes with and without packing (Lin et al. 2018, "PacGAN", table 1): modes, samples of high quality and reverse KL of 2,500
/// samples, over several seeds. The paper takes batch norm, maxout and 400,000 steps at a constant rate; here smaller plain networks with a rate that
/// falls and averaged weights take a twentieth of the steps. What packing does depends on the discriminator, so there are two of them.
/// </summary>
internal sealed record RingRecipe(string Name) : Recipe(Name, "modes of the ring of eight by a GAN and by packing of two, published 6.3 and 7.9")
{
    private const int Points = 100_000, Samples = 2_500, Seeds = 5;

    // The settings were chosen on seeds 0 to 4.
    private const ulong FirstSeed = 10;

    private static readonly GaussianMixture2D Ring = GaussianMixture2D.Ring();
    private static readonly (string Name, int[] Discriminator, int Packing)[] Rows =
    [
        ("GAN, discriminator 256-256", [256, 256], 1), ("PacGAN2, discriminator 256-256", [256, 256], 2),
        ("GAN, discriminator 256-256-256", [256, 256, 256], 1), ("PacGAN2, discriminator 256-256-256", [256, 256, 256], 2),
    ];

    public override string Data => "ring";

    public override int Epochs => 52;

    public override int BatchSize => 256;

    public override void Run(RunOptions run, CancellationToken cancellation)
    {
        var table = new JsonObject();
        foreach (var (name, discriminator, packing) in Rows)
        {
            var runs = Enumerable.Range(0, Seeds).Select(i => Train(
                run with { Seed = run.Seed + FirstSeed + (ulong)i, Output = run.File($"{discriminator.Length}-layers-packing-{packing}-seed-{i}") },
                discriminator, packing, cancellation)).ToArray();
            MeanEstimate Over(Func<ModeCoverage, double> figure) => MeanEstimate.Of([.. runs.Select(r => figure(r.Coverage))]);
            var (modes, quality, divergence) = (Over(c => c.Covered), Over(c => c.HighQuality), Over(c => c.ReverseKl));
            table[name] = new JsonObject
            {
                ["modes"] = modes.Mean,
                ["modes.standardError"] = modes.StandardError,
                ["highQuality"] = quality.Mean,
                ["highQuality.standardError"] = quality.StandardError,
                ["reverseKl"] = divergence.Mean,
                ["reverseKl.standardError"] = divergence.StandardError,
                ["seconds"] = runs.Sum(r => r.Seconds),
                ["runs"] = new JsonArray([.. runs.Select(r => JsonValue.Create($"{r.Coverage}"))]),
            };
            Console.WriteLine($"{name}: {modes} modes, high quality {quality} (the ring itself {runs[0].Coverage.Ceiling:F4}), reverse KL {divergence} nats");
        }
        RunResults.Write(run, new JsonObject { ["epochs"] = run.Epochs, ["batchSize"] = run.BatchSize, ["samples"] = Samples, ["table"] = table });
    }

    private static (ModeCoverage Coverage, double Seconds) Train(RunOptions run, int[] discriminator, int packing, CancellationToken cancellation)
    {
        var adam = new AdamOptions { Beta1 = 0.5, Schedule = ExponentialSchedule.To(0.03, (long)run.Epochs * (Points / run.BatchSize)) };
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [2],
            NoiseSize = 2,
            OutputActivation = Activation.Identity,
            Generator = new HiddenLayers { Widths = [256, 128, 128] },
            Discriminator = new HiddenLayers { Widths = [.. discriminator], Activation = Activation.LeakyRelu },
            Packing = packing,
            GeneratorOptimizer = adam,
            DiscriminatorOptimizer = adam,
            WeightAverage = 0.999,
            Seed = run.Seed,
        });
        var points = Ring.Sample(Points, run.Seed);
        var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
        var history = Trainer.Fit(gan, points, fit, checkpoints: run.Checkpoints, cancellation: cancellation);
        using var samples = gan.Sample(Samples, run.Seed);
        var coverage = ModeCoverage.Of(samples, Ring);
        var chart = new ScatterChart { Title = $"{coverage.Covered} modes" };
        chart.Add("samples", samples.data<float>().ToArray());
        chart.Save(run.File("samples.svg"));
        Console.WriteLine($"{run.Output}: {coverage}");
        return (coverage, history.Epochs.Sum(e => e.Duration.TotalSeconds));
    }
}
