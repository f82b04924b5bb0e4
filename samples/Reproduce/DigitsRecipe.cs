using System.Text.Json.Nodes;
using GenModels.Data;
using GenModels.Distributions;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Training;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>
/// One table of the three models on the handwritten digits, each trained for as many passes over the data: classifier score, Fréchet distance,
/// precision and recall in the features of a classifier of the same images, beside what training images score in the place of samples.
/// </summary>
internal sealed record DigitsRecipe(string Name) : Recipe(Name, "an autoencoder with a mixture, a VAE and a GAN on digits, scored in one table")
{
    // Each set has as many samples as there are held-out images.
    private const int Sets = 10;
    private static readonly string[] Shown = ["classifierScore", "frechetDistance", "precision", "recall", "density", "coverage", "memorization.z"];

    public override string Data => "digits";

    public override int Epochs => 300;

    public override int BatchSize => 64;

    public override void Run(RunOptions run, CancellationToken cancellation)
    {
        var (train, test) = DataSets.Digits();
        using var classifier = TrainClassifier(run, train, test, cancellation);
        using var autoencoder = new Autoencoder(new AutoencoderOptions { ExampleShape = [64], Hidden = [128], CodeSize = 8, Seed = run.Seed });
        using var vae = new Vae(new VaeOptions { ExampleShape = [64], Seed = run.Seed });
        using var gan = new Gan(GanSettings(run, train.Count));
        var table = new JsonObject
        {
            ["autoencoder with a mixture"] = Judge(run, "autoencoder", autoencoder, () => autoencoder.FitDensity(train, new DensityOptions { Components = 20 }), classifier, train, test, cancellation),
            ["VAE"] = Judge(run, "vae", vae, () => { }, classifier, train, test, cancellation),
            ["GAN"] = Judge(run, "gan", gan, () => { }, classifier, train, test, cancellation),
            ["training images"] = Scores(seed => Drawn(train, test.Count, seed), classifier, train, test),
        };
        RunResults.Write(run, new JsonObject { ["epochs"] = run.Epochs, ["batchSize"] = run.BatchSize, ["table"] = table });
        Print(table);
    }

    private static ImageClassifier TrainClassifier(RunOptions run, ImageSet train, ImageSet test, CancellationToken cancellation)
    {
        var fit = new FitOptions { Epochs = Math.Min(60, run.Epochs), BatchSize = 32, Seed = run.Seed };
        var classifier = new ImageClassifier(new ClassifierOptions
        {
            ExampleShape = [64],
            Optimizer = new AdamOptions { Schedule = ExponentialSchedule.To(0.1, fit.Epochs * (train.Count / fit.BatchSize)) },
            Seed = run.Seed,
        });
        var history = TrainingDisplay.Show(run with { Resume = false }, progress => Trainer.Fit(classifier, train, fit, test, progress, cancellation: cancellation));
        classifier.Save(run.File("classifier.safetensors"));
        Console.WriteLine($"the classifier is right about {history.Test("accuracy").Last():P1} of the held-out images");
        return classifier;
    }

    private static GanOptions GanSettings(RunOptions run, int examples)
    {
        var adam = new AdamOptions { Beta1 = 0.5, Schedule = ExponentialSchedule.To(1.0 / 30, (long)run.Epochs * (examples / run.BatchSize)) };
        return new GanOptions
        {
            ExampleShape = [64],
            NoiseSize = 32,
            Discriminator = new HiddenLayers { Widths = [256, 256], Activation = Activation.LeakyRelu },
            R1 = 1,
            GeneratorOptimizer = adam,
            DiscriminatorOptimizer = adam,
            Seed = run.Seed,
        };
    }

    private static JsonObject Judge(
        RunOptions whole, string name, IGenerativeModel model, Action finish, ImageClassifier classifier, ImageSet train, ImageSet test, CancellationToken cancellation)
    {
        var run = whole with { Output = whole.File(name) };
        var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
        var history = TrainingDisplay.Show(run, progress => Trainer.Fit(model, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));
        finish();
        model.Save(run.File("model.safetensors"));
        using (var shown = model.Sample(100, run.Seed)) ImageGrid.Save(run.File("samples.png"), shown, train.Height, train.Width, columns: 10);
        var scores = Scores(seed => model.Sample(test.Count, seed), classifier, train, test);
        scores["seconds"] = history.Epochs.Sum(e => e.Duration.TotalSeconds);
        RunResults.Write(run, model.Options, fit, history, [("scores", scores.DeepClone())]);
        return scores;
    }

    /// <summary>Means over the sets of samples, and their standard errors.</summary>
    private static JsonObject Scores(Func<ulong, torch.Tensor> draw, ImageClassifier classifier, ImageSet train, ImageSet test)
    {
        using var scope = torch.NewDisposeScope();
        var measured = Enumerable.Range(0, Sets).Select(seed => Fidelity.Measure(classifier, draw((ulong)seed), train, test).ToDictionary(f => f.Name, f => f.Value)).ToArray();
        var scores = new JsonObject();
        foreach (string name in Shown)
        {
            var estimate = MeanEstimate.Of([.. measured.Select(m => m[name])]);
            (scores[name], scores[$"{name}.standardError"]) = (estimate.Mean, estimate.StandardError);
        }
        return scores;
    }

    private static torch.Tensor Drawn(ImageSet images, int count, ulong seed)
    {
        using var scope = torch.NewDisposeScope();
        using var order = new torch.Generator(seed);
        var all = images.ToTensor(0, images.Count);
        return all.index_select(0, torch.randperm(images.Count, generator: order).narrow(0, 0, count)).MoveToOuterDisposeScope();
    }

    private static void Print(JsonObject table)
    {
        Console.WriteLine($"| | {string.Join(" | ", Shown)} |\n|---|{string.Concat(Enumerable.Repeat("---|", Shown.Length))}");
        foreach (var (row, scores) in table)
            Console.WriteLine($"| {row} | {string.Join(" | ", Shown.Select(name => $"{scores?[name]?.GetValue<double>():F3} ± {scores?[$"{name}.standardError"]?.GetValue<double>():F3}"))} |");
    }
}
