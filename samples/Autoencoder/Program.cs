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
    RunCommand.ImageSets, RunCommand.ImageFolders, data: "digits",
    fit: data => (Epochs: data == "digits" ? 60 : 10, BatchSize: data == "digits" ? 32 : 128));
// The mixture has a covariance matrix of the codes for each of its components: both are bounded, so that it fits into memory.
var codeSize = command.AddNumber("--code-size", "Dimensions of the code.", 8, 1, 500);
var network = new NetworkOptions(command, 32, 64);
var hidden = command.AddWidths(
    "--hidden", "Widths of the encoder's fully connected hidden layers; the decoder mirrors them. With --network conv there are none by default.",
    result => network.IsConvolutional(result) ? [] : [128]);
var tied = command.AddFlag("--tied", "The decoder uses the encoder's weights, transposed.");
var corruption = command.AddChoice("--corruption", "What is done to the input in training.", "none", "none", "gaussian", "masking");
var components = command.AddNumber("--components", "Normal distributions in the mixture that is fitted to the codes, with --conditional to those of each class.", 20, 1, 500);
var learningRate = command.AddNumber("--learning-rate", "Adam's step size.", 1e-3, 1e-8, 10);
var input = new ImageInput(command);
var imageOptions = new ImageOptions(command);

return command.Run(args, (parsed, run, cancellation) =>
{
    var (train, test) = network.Shaped(parsed, input.Load(parsed, run, cancellation));
    var options = new AutoencoderOptions
    {
        ExampleShape = [.. train.ExampleShape],
        CodeSize = parsed.GetValue(codeSize),
        Hidden = [.. parsed.GetRequiredValue(hidden)],
        Convolutions = network.Layers(parsed),
        TiedWeights = parsed.GetValue(tied),
        Corruption = parsed.GetValue(corruption) switch
        {
            "gaussian" => new GaussianCorruption(),
            "masking" => new MaskingCorruption(),
            _ => null,
        },
        Optimizer = new AdamOptions { LearningRate = parsed.GetValue(learningRate) },
        Condition = imageOptions.Condition(parsed, train),
        Seed = run.Seed,
    };
    options.Validate();
    TrainingMemory.Check(
        Math.Min(run.BatchSize, train.Count), options.Convolutions, options.ExampleShape,
        [options.ExampleSize, .. options.Hidden, options.CodeSize], [options.CodeSize, .. options.Hidden.Reverse(), options.ExampleSize]);
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Augmentations = input.Augmentations(parsed), Seed = run.Seed };

    var device = run.Start();
    using var classifier = imageOptions.Classifier(parsed, test, device);
    using var autoencoder = new Autoencoder(options, device);
    Console.WriteLine($"{train.Count} images of {train.Height}×{train.Width} to learn from, {test.Count} held out");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(autoencoder, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    // Saved first: whatever fails below, the training is not lost.
    autoencoder.Save(run.File("model.safetensors"));
    Curves.Save(run.File("curves.svg"), history, "loss", "squared error of an image");
    using var scope = torch.NewDisposeScope();
    var images = test.ToBatch(0, test.Count, autoencoder.Condition, device);
    var shown = test.ToBatch(0, Math.Min(10, test.Count), autoencoder.Condition, device);
    Findings findings = [];
    findings.Measure("samples.png", () =>
    {
        autoencoder.FitDensity(train, new DensityOptions { Components = parsed.GetValue(components), Seed = run.Seed });
        ImageGrid.Save(run.File("samples.png"), ClassSamples.Grid(autoencoder, run.Seed), train.Height, train.Width, ClassSamples.Columns);
    });
    Fidelity.Measure(findings, classifier, autoencoder, train, test, run.Seed);
    ImageGrid.SavePairs(run.File("reconstructions.png"), shown.Examples, autoencoder.Reconstruct(shown), train.Height, train.Width, columns: 10);
    CodeMap.Save(run.File("codes.svg"), autoencoder.Encode(images), test.Labels, run.Seed);

    // Unusual is what is reconstructed worse than 99 % of the training images.
    findings.Measure("anomalies.png", () =>
    {
        double threshold = autoencoder.FitAnomalyThreshold(train, 0.99);
        var (scores, order) = autoencoder.AnomalyScore(images).sort(descending: true);
        double share = scores.gt(1).to(torch.float64).mean().item<double>();
        var most = order.narrow(0, 0, Math.Min(20, test.Count));
        var unusual = new Batch(images.Examples.index_select(0, most), images.Condition?.index_select(0, most));
        ImageGrid.SavePairs(run.File("anomalies.png"), unusual.Examples, autoencoder.Reconstruct(unusual), train.Height, train.Width, columns: 10);
        findings.AddRange([("anomaly.threshold", threshold), ("anomaly.share", share)]);
        Console.WriteLine($"{share:P1} of the held-out images are reconstructed worse than 99 % of those learnt from (squared error above {threshold:F3})");
    });

    // Again, now with what was fitted to the codes.
    autoencoder.Save(run.File("model.safetensors"));
    RunResults.Write(run, options, fit, history, findings);
    findings.Print();
    Console.WriteLine($"{TrainingDisplay.Describe(history.Last)}\nresults in {Path.GetFullPath(run.Output)}");
});
