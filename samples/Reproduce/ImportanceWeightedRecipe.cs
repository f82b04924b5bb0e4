using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>A published figure and where it stands.</summary>
internal sealed record Published(double Value, string Source);

/// <summary>
/// The VAE and IWAE of one stochastic layer on dynamically binarized MNIST (Burda, Grosse and Salakhutdinov 2016, section 5): networks
/// 784-200-200-50 and back with tanh, Glorot's initial weights, Adam with ε = 1e−4, batches of 20, and 5,000 draws for an image's log-likelihood.
/// The paper trains for 3,280 epochs in eight stages; here the learning rate falls on a cosine within fewer.
/// </summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="ImportanceSamples">k, the number of draws for each image in training.</param>
/// <param name="PassesOverData">The number of epochs.</param>
/// <param name="Nll">The published test NLL in nats.</param>
internal sealed record ImportanceWeightedRecipe(string Name, int ImportanceSamples, int PassesOverData, Published Nll)
    : Recipe(Name, $"test NLL on MNIST trained with {ImportanceSamples} {(ImportanceSamples == 1 ? "draw" : "draws")} an image, published {Nll.Value}")
{
    /// <summary>
    /// A recipe with fewer draws whose weights this one starts from, since a step's time grows with the draws; null starts anew.
    /// </summary>
    public ImportanceWeightedRecipe? Before { get; init; }

    public double LearningRate { get; init; } = 1e-3;

    // As many held-out images as the curve needs; the figures that count are of all of them.
    private const int Watched = 1_000;

    public override string Data => "mnist";

    public override int Epochs => PassesOverData;

    public override int BatchSize => 20;

    public override void Run(RunOptions run, CancellationToken cancellation)
    {
        var (train, test) = DataSets.Load(run.Data, run.DataDirectory, cancellation);
        using var scope = torch.NewDisposeScope();
        var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
        var (vae, history) = Train(run, fit, train, test, cancellation);
        using var owned = vae;
        Measure(run, vae, test, fit, history, cancellation);
    }

    private (Vae Vae, TrainingHistory History) Train(
        RunOptions run, FitOptions fit, ImageSet train, ImageSet test, CancellationToken cancellation)
    {
        var options = new VaeOptions
        {
            Hidden = [200, 200],
            LatentSize = 50,
            Activation = Activation.Tanh,
            Initialization = Initialization.Glorot,
            Likelihood = new BernoulliLikelihood { Binarize = true },
            ImportanceSamples = ImportanceSamples,
            Optimizer = new AdamOptions
            {
                LearningRate = LearningRate,
                Epsilon = 1e-4,
                Schedule = new CosineSchedule { Steps = (long)fit.Epochs * (train.Count / run.BatchSize), Least = 0.01 },
            },
            Seed = run.Seed,
        };

        var vae = new Vae(options);
        if (Before is null) StartAtMean(vae.State["decoder.2.bias"], train);
        else StartAfter(Before, vae, run, train, test, cancellation);
        var history = TrainingDisplay.Show(
            run, progress => Trainer.Fit(vae, train, fit, test.Take(Math.Min(Watched, test.Count)), progress, run.Checkpoints, cancellation: cancellation));
        vae.Save(run.File("model.safetensors"));
        Curves.Save(run.File("curves.svg"), history, "loss", "−L, nats per image");
        return (vae, history);
    }

    // A logit's bias of log(p/(1 − p)) for the clipped mean p of each pixel.
    private static void StartAtMean(torch.Tensor bias, ImageSet images)
    {
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var mean = images.ToTensor(0, images.Count).mean([0]).clamp(1e-3, 1 - 1e-3);
        bias.copy_((mean / (1 - mean)).log());
    }

    private void StartAfter(ImportanceWeightedRecipe before, Vae vae, RunOptions run, ImageSet train, ImageSet test, CancellationToken cancellation)
    {
        var earlier = run with { Output = run.File(before.Name) };
        var fit = new FitOptions { Epochs = Math.Max(1, before.Epochs * run.Epochs / Epochs), BatchSize = run.BatchSize, Seed = run.Seed };
        before.Train(earlier, fit, train, test, cancellation).Vae.Dispose();
        vae.LoadState(earlier.File("model.safetensors"));
    }

    private void Measure(RunOptions run, Vae vae, ImageSet test, FitOptions fit, TrainingHistory history, CancellationToken cancellation)
    {
        ImageGrid.Save(run.File("samples.png"), vae.Sample(100, run.Seed), test.Height, test.Width, columns: 10);
        LogLikelihoodEstimate Bound(int draws) => ImportanceSampling.Estimate(vae, test, new ImportanceSamplingOptions { Samples = draws }, cancellation: cancellation);
        var bounds = new[] { 1, 5, 50, 5_000 }.Select(draws => (Draws: draws, Bound(draws).LogLikelihood)).ToArray();
        Findings findings =
        [
            .. bounds.SelectMany(b => new (string, JsonNode?)[]
            {
                ($"test.bound.{b.Draws}", b.LogLikelihood.Mean), ($"test.bound.{b.Draws}.standardError", b.LogLikelihood.StandardError),
            }),
            ("test.nll", -bounds[^1].LogLikelihood.Mean), ("test.nll.standardError", bounds[^1].LogLikelihood.StandardError),
            ("test.nll.published", Nll.Value), ("test.nll.source", Nll.Source),
        ];
        findings.Measure("latent", () =>
        {
            var latent = LatentReport.Of(vae, test, cancellation: cancellation);
            findings.Add(("latent.activeUnits", latent.ActiveUnits));
            Console.WriteLine($"{latent.ActiveUnits} of {vae.Options.LatentSize} latent dimensions are active");
        });
        RunResults.Write(run, vae.Options, fit, history, findings);
        foreach (var (draws, bound) in bounds) Console.WriteLine($"L_{draws} {bound} nats");
        Console.WriteLine($"published NLL {Nll.Value} ({Nll.Source})");
    }
}
