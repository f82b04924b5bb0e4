using GenModels;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Optimization;
using GenModels.Reporting;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "vae", "Trains a variational autoencoder on images and writes samples, reconstructions and figures.",
    RunCommand.ImageSets, RunCommand.ImageFolders, data: "fashion-mnist", fit: _ => (Epochs: 10, BatchSize: 128));
var latentSize = command.AddNumber("--latent-size", "Dimensions of the code.", 20, 1, 10_000);
var network = new NetworkOptions(command, 32, 64);
var hidden = command.AddWidths(
    "--hidden", "Widths of the encoder's fully connected hidden layers; the decoder mirrors them. With --network conv the default is 256.",
    result => network.IsConvolutional(result) ? [256] : [400]);
var learningRate = command.AddNumber("--learning-rate", "Adam's step size.", 1e-3, 1e-8, 10);
var beta = command.AddNumber("--beta", "The weight of the KL term.", 1.0, 0, 1e6);
var importanceSamples = command.AddNumber("--importance-samples", "Draws of the code for each image in training; above 1 it is trained on the importance-weighted bound.", 1, 1, 10_000);
var likelihood = command.AddChoice(
    "--likelihood", "How pixels are distributed: Bernoulli, Bernoulli with pixels drawn anew each time, normal with σ = 1, normal with a σ that is learnt, or a mixture for the levels of 8-bit pixels, which tells bits per dimension.",
    "bernoulli", "bernoulli", "bernoulli-binarized", "gaussian", "gaussian-learned", "discretized-logistic-mixture");
var mixtureComponents = command.AddNumber("--mixture-components", "Logistic distributions in the mixture of a pixel.", 10, 1, 1_000);
var nllSamples = command.AddNumber("--nll-samples", "Importance samples for the log-likelihood of each held-out image; 0 leaves it out.", 100, 0, 1_000_000);
var input = new ImageInput(command);
var images = new ImageOptions(command);

return command.Run(args, (parsed, run, cancellation) =>
{
    var (train, test) = network.Shaped(parsed, input.Load(parsed, run, cancellation));
    var options = new VaeOptions
    {
        ExampleShape = [.. train.ExampleShape],
        LatentSize = parsed.GetValue(latentSize),
        Hidden = [.. parsed.GetRequiredValue(hidden)],
        Convolutions = network.Layers(parsed),
        Beta = parsed.GetValue(beta),
        ImportanceSamples = parsed.GetValue(importanceSamples),
        Likelihood = parsed.GetValue(likelihood) switch
        {
            "bernoulli-binarized" => new BernoulliLikelihood { Binarize = true },
            "gaussian" => new GaussianLikelihood(),
            "gaussian-learned" => new GaussianLikelihood { Learned = true },
            "discretized-logistic-mixture" => new DiscretizedLogisticMixtureLikelihood { Components = parsed.GetValue(mixtureComponents), Channels = train.Channels },
            _ => Likelihood.Bernoulli,
        },
        Optimizer = new AdamOptions { LearningRate = parsed.GetValue(learningRate) },
        Condition = images.Condition(parsed, train),
        Seed = run.Seed,
    };
    options.Validate();
    // Behind convolutions, what the likelihood asks for are channels of the last one, and weighs little.
    long outputs = options.Convolutions is not null ? options.ExampleSize
        : options.Likelihood.OutputShape(options.ExampleShape).Aggregate(1L, (product, size) => product * size);
    TrainingMemory.Check(
        (double)Math.Min(run.BatchSize, train.Count) * options.ImportanceSamples, options.Convolutions, options.ExampleShape,
        [options.ExampleSize, .. options.Hidden, 2 * options.LatentSize], [options.LatentSize, .. options.Hidden.Reverse(), outputs]);
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Augmentations = input.Augmentations(parsed), Seed = run.Seed };

    var device = run.Start();
    using var classifier = images.Classifier(parsed, test, device);
    using var vae = new Vae(options, device);
    Console.WriteLine($"{train.Count} images of {train.Height}×{train.Width} to learn from, {test.Count} held out");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(vae, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    // Saved first: whatever fails below, the training is not lost.
    vae.Save(run.File("model.safetensors"));
    Curves.Save(run.File("curves.svg"), history, "loss", "−ELBO, nats per image");
    using var scope = torch.NewDisposeScope();
    var shown = test.ToBatch(0, Math.Min(10, test.Count), vae.Condition, device);
    ImageGrid.Save(run.File("samples.png"), ClassSamples.Grid(vae, run.Seed), train.Height, train.Width, ClassSamples.Columns);
    ImageGrid.SavePairs(run.File("reconstructions.png"), shown.Examples, vae.Reconstruct(shown), train.Height, train.Width, columns: 10);

    Findings findings = [];
    LatentReport? latent = null;
    findings.Measure("latent", () =>
    {
        latent = LatentReport.Of(vae, test, new LatentReportOptions { Seed = run.Seed }, cancellation);
        findings.AddRange([("latent.activeUnits", latent.ActiveUnits), ("latent.priorMmd2", latent.PriorDiscrepancy.Mean)]);
    });
    if (parsed.GetValue(nllSamples) is var draws and > 0)
    {
        var nll = ImportanceSampling.Estimate(vae, test, new ImportanceSamplingOptions { Samples = draws, Seed = run.Seed }, cancellation: cancellation).LogLikelihood;
        findings.AddRange([("test.nll", -nll.Mean), ("test.nll.standardError", nll.StandardError), ("test.nll.samples", draws)]);
        // Only this likelihood is one of the pixels as they are.
        if (options.Likelihood is DiscretizedLogisticMixtureLikelihood) findings.Add(("test.nll.bitsPerDimension", BitsPerDimension.Of(-nll.Mean, options.ExampleSize)));
    }
    if (options.Likelihood is DiscretizedLogisticMixtureLikelihood)
        findings.Add(("test.bitsPerDimension", BitsPerDimension.Of(history.Test("reconstruction").Last() + history.Test("kl").Last(), options.ExampleSize)));
    Fidelity.Measure(findings, classifier, vae, train, test, run.Seed);

    RunResults.Write(run, options, fit, history, findings);
    new Report(run, vae, fit, test).Save(history, latent, findings);
    Console.WriteLine(TrainingDisplay.Describe(history.Last));
    if (latent is not null) Console.WriteLine(latent);
    findings.Print();
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});
