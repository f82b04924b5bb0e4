using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>
/// The first generative adversarial network, on MNIST (Goodfellow et al. 2014, section 5, with the settings of its published code): a generator
/// 100-1200-1200-784, a discriminator of two maxout layers of 240 units with 5 pieces and dropout, descent with momentum, and the Parzen-window
/// log-likelihood of 10,000 samples, with what training images and k-means centres score in their place.
/// </summary>
internal sealed record ParzenRecipe(string Name, int Epochs, Published LogLikelihood)
    : Recipe(Name, $"Parzen-window log-likelihood of a GAN on MNIST, published {LogLikelihood.Value}")
{
    private const int TrainingImages = 50_000, ValidationImages = 1_000, Samples = 10_000, EpochsOfMomentum = 250;

    public override string Data => "mnist";

    public override int Epochs { get; } = Epochs;

    public override int BatchSize => 100;

    public override void Run(RunOptions run, CancellationToken cancellation)
    {
        var (images, test) = DataSets.Load(run.Data, run.DataDirectory);
        if (images.Count < TrainingImages + ValidationImages)
            throw new ArgumentException($"There are {images.Count} images to learn from, expected at least {TrainingImages + ValidationImages}.");
        var (train, validation) = (images.Take(TrainingImages), images.Slice(TrainingImages, ValidationImages));
        var descent = new SgdOptions
        {
            LearningRate = 0.1,
            Schedule = new ExponentialSchedule { Factor = 1 / 1.000004, Least = 1e-5 },
            Momentum = 0.5,
            FinalMomentum = 0.7,
            MomentumSteps = EpochsOfMomentum * (train.Count / run.BatchSize),
        };
        var options = new GanOptions
        {
            Noise = NoiseDistribution.Uniform,
            Generator = new HiddenLayers { Widths = [1200, 1200] },
            Discriminator = new HiddenLayers { Widths = [240, 240], MaxoutPieces = 5, InputDropout = 0.2, Dropout = 0.5 },
            GeneratorOptimizer = descent,
            DiscriminatorOptimizer = descent,
            Seed = run.Seed,
        };
        var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(options);
        var history = TrainingDisplay.Show(
            run, progress => Trainer.Fit(gan, train, fit, progress: progress, checkpoints: run.Checkpoints, cancellation: cancellation), () => $"{gan.Health}");
        gan.Save(run.File("model.safetensors"));
        var samples = gan.Sample(Samples, run.Seed);
        ImageGrid.Save(run.File("samples.png"), samples.narrow(0, 0, 100), train.Height, train.Width, columns: 10);
        Curves.Save(
            run.File("curves.svg"), history, "losses", "nats",
            ("discriminator", history.Train("discriminator_loss")), ("generator", history.Train("generator_loss")));

        var (chosen, held) = (validation.ToTensor(0, ValidationImages), test.ToTensor(0, test.Count));
        var found = ParzenWindow.Estimate(samples, chosen, held);
        var controls = ParzenWindow.Controls(train.ToTensor(0, TrainingImages), Samples, chosen, held);
        RunResults.Write(
            run, options, fit, history,
            [
                .. Figures("test.parzen", found), ("test.parzen.published", LogLikelihood.Value), ("test.parzen.source", LogLikelihood.Source),
                .. Figures("test.parzen.trainingImages", controls.TrainingExamples), .. Figures("test.parzen.centres", controls.Centres),
            ]);
        Console.WriteLine($"Parzen-window log-likelihood: the GAN {found}; published {LogLikelihood.Value} ({LogLikelihood.Source})");
        Console.WriteLine($"in place of its samples: training images {controls.TrainingExamples}; k-means centres {controls.Centres}");
    }

    private static IEnumerable<(string, JsonNode?)> Figures(string name, ParzenEstimate estimate) =>
        [(name, estimate.LogLikelihood.Mean), ($"{name}.standardError", estimate.LogLikelihood.StandardError), ($"{name}.bandwidth", estimate.Bandwidth)];
}
