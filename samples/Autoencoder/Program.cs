using GenModels;
using GenModels.Data;
using GenModels.Distributions;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "autoencoder", "Trains an autoencoder on images: reconstructions, a picture of its codes, samples from a mixture fitted to them, and anomalies.",
    "digits, mnist, fashion-mnist, or a folder with the four IDX files.", data: "digits",
    fit: data => (Epochs: data == "digits" ? 60 : 10, BatchSize: data == "digits" ? 32 : 128));
var codeSize = command.AddOption("--code-size", "Dimensions of the code.", 8);
var hidden = command.AddOption("--hidden", "Widths of the encoder's hidden layers; the decoder mirrors them.", new[] { 128 });
hidden.AllowMultipleArgumentsPerToken = true;
var tied = command.AddOption("--tied", "Whether the decoder uses the encoder's weights, transposed.", false);
var corruption = command.AddOption("--corruption", "What is done to the input in training: none, gaussian or masking.", "none");
corruption.AcceptOnlyFromAmong("none", "gaussian", "masking");
var components = command.AddOption("--components", "Normal distributions in the mixture that is fitted to the codes.", 20);
var learningRate = command.AddOption("--learning-rate", "Adam's step size.", 1e-3);

return command.Run(args, (parsed, run, cancellation) =>
{
    var device = run.Start();
    var (train, test) = DataSets.Load(run.Data, run.DataDirectory);
    var options = new AutoencoderOptions
    {
        ExampleShape = [train.Height * train.Width],
        CodeSize = parsed.GetValue(codeSize),
        Hidden = [.. parsed.GetRequiredValue(hidden)],
        TiedWeights = parsed.GetValue(tied),
        Corruption = parsed.GetValue(corruption) switch
        {
            "gaussian" => new GaussianCorruption(),
            "masking" => new MaskingCorruption(),
            _ => null,
        },
        Optimizer = new AdamOptions { LearningRate = parsed.GetValue(learningRate) },
        Seed = run.Seed,
    };
    var density = new DensityOptions { Components = parsed.GetValue(components), Seed = run.Seed };
    density.Validate();
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

    using var autoencoder = new Autoencoder(options, device);
    Console.WriteLine($"{train.Count} images of {train.Height}×{train.Width} to learn from, {test.Count} held out");
    var history = TrainingDisplay.Show(progress => Trainer.Fit(autoencoder, train, fit, test, progress, cancellation));

    using var scope = torch.NewDisposeScope();
    var images = test.ToTensor(0, test.Count).to(device);
    var shown = images.narrow(0, 0, Math.Min(10, test.Count));
    autoencoder.FitDensity(train, density);
    ImageGrid.Save(run.File("samples.png"), autoencoder.Sample(100, run.Seed), train.Height, train.Width, columns: 10);
    ImageGrid.SavePairs(run.File("reconstructions.png"), shown, autoencoder.Reconstruct(shown), train.Height, train.Width, columns: 10);
    CodeMap.Save(run.File("codes.svg"), autoencoder.Encode(images), test.Labels, run.Seed);

    // Unusual is what is reconstructed worse than 99 % of the training images.
    double threshold = autoencoder.FitAnomalyThreshold(train, 0.99);
    var (scores, order) = autoencoder.AnomalyScore(images).sort(descending: true);
    double share = scores.gt(1).to(torch.float64).mean().item<double>();
    var unusual = images.index_select(0, order.narrow(0, 0, Math.Min(20, test.Count)));
    ImageGrid.SavePairs(run.File("anomalies.png"), unusual, autoencoder.Reconstruct(unusual), train.Height, train.Width, columns: 10);

    Curves.Save(run.File("curves.svg"), history, "loss", "squared error of an image");
    autoencoder.Save(run.File("model.safetensors"));
    RunResults.Write(run, options, fit, history, ("anomaly.threshold", threshold), ("anomaly.share", share));
    Console.WriteLine(
        $"{TrainingDisplay.Describe(history.Last)}\n{share:P1} of the held-out images are reconstructed worse than 99 % of those learnt from (squared error above {threshold:F3})\n" +
        $"results in {Path.GetFullPath(run.Output)}");
});
