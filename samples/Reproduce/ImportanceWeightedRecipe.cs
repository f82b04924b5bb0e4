using GenModels.Data;
using GenModels.Distributions;
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
/// The VAE and IWAE of one stochastic layer on dynamically binarised MNIST (Burda, Grosse and Salakhutdinov 2016, section 5): networks
/// 784-200-200-50 and back with tanh, Glorot's initial weights, Adam with ε = 1e−4, batches of 20, and 5,000 draws for an image's log-likelihood.
/// The paper trains for 3,280 epochs in eight stages; here the learning rate falls on a cosine within fewer.
/// </summary>
internal sealed record ImportanceWeightedRecipe(string Name, int ImportanceSamples, int PassesOverData, Published Nll)
    : Recipe(Name, $"test NLL on MNIST trained with {ImportanceSamples} draws an image, published {Nll.Value}")
{
    // As many held-out images as the curve needs; the figures that count are of all of them.
    private const int Watched = 1_000;

    public override string Data => "mnist";

    public override int Epochs => PassesOverData;

    public override int BatchSize => 20;

    public override void Run(RunOptions run, CancellationToken cancellation)
    {
        var (train, test) = DataSets.Load(run.Data, run.DataDirectory);
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
                LearningRate = 1e-3,
                Epsilon = 1e-4,
                Schedule = new CosineSchedule { Steps = (long)run.Epochs * (train.Count / run.BatchSize), Least = 0.01 },
            },
            Seed = run.Seed,
        };
        var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(options);
        Initial.StartAtMean(vae.State["decoder.2.bias"], train);
        var history = TrainingDisplay.Show(
            run, progress => Trainer.Fit(vae, train, fit, test.Take(Math.Min(Watched, test.Count)), progress, run.Checkpoints, cancellation: cancellation));
        vae.Save(run.File("model.safetensors"));
        Curves.Save(run.File("curves.svg"), history, "loss", "−L, nats per image");
        ImageGrid.Save(run.File("samples.png"), vae.Sample(100, run.Seed), train.Height, train.Width, columns: 10);

        LogLikelihoodEstimate Bound(int draws) => ImportanceSampling.Estimate(vae, test, new ImportanceSamplingOptions { Samples = draws }, cancellation: cancellation);
        var bounds = new[] { 1, 5, 50, 5_000 }.Select(draws => (Draws: draws, Bound(draws).LogLikelihood)).ToArray();
        var latent = LatentReport.Of(vae, test, cancellation: cancellation);
        RunResults.Write(
            run, options, fit, history,
            [
                .. bounds.SelectMany(b => new (string, System.Text.Json.Nodes.JsonNode?)[]
                {
                    ($"test.bound.{b.Draws}", b.LogLikelihood.Mean), ($"test.bound.{b.Draws}.standardError", b.LogLikelihood.StandardError),
                }),
                ("test.nll", -bounds[^1].LogLikelihood.Mean), ("test.nll.standardError", bounds[^1].LogLikelihood.StandardError),
                ("test.nll.published", Nll.Value), ("test.nll.source", Nll.Source), ("latent.activeUnits", latent.ActiveUnits),
            ]);
        foreach (var (draws, bound) in bounds) Console.WriteLine($"L_{draws} {bound} nats");
        Console.WriteLine($"{latent.ActiveUnits} of {options.LatentSize} latent dimensions are active; published NLL {Nll.Value} ({Nll.Source})");
    }
}
