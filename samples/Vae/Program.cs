using System.Text.Json.Nodes;
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
    "digits, mnist, fashion-mnist, or a folder with the four IDX files.", data: "fashion-mnist", fit: _ => (Epochs: 10, BatchSize: 128));
var latentSize = command.AddOption("--latent-size", "Dimensions of the code.", 20);
var hidden = command.AddOption("--hidden", "Widths of the encoder's hidden layers; the decoder mirrors them.", new[] { 400 });
hidden.AllowMultipleArgumentsPerToken = true;
var learningRate = command.AddOption("--learning-rate", "Adam's step size.", 1e-3);
var beta = command.AddOption("--beta", "The weight of the KL term.", 1.0);
var importanceSamples = command.AddOption("--importance-samples", "Draws of the code for each image in training; above 1 it is trained on the importance-weighted bound.", 1);
var likelihood = command.AddOption("--likelihood", "bernoulli, bernoulli-binarized (pixels drawn anew each time), gaussian (σ = 1) or gaussian-learned.", "bernoulli");
likelihood.AcceptOnlyFromAmong("bernoulli", "bernoulli-binarized", "gaussian", "gaussian-learned");
var nllSamples = command.AddOption("--nll-samples", "Importance samples for the log-likelihood of each held-out image; 0 leaves it out.", 100);
var classifier = command.AddOption<string?>("--classifier", "A file of the classifier sample, in whose features samples are compared with held-out images.", null);

return command.Run(args, (parsed, run, cancellation) =>
{
    var device = run.Start();
    var (train, test) = DataSets.Load(run.Data, run.DataDirectory);
    var options = new VaeOptions
    {
        ExampleShape = [train.Height * train.Width],
        LatentSize = parsed.GetValue(latentSize),
        Hidden = [.. parsed.GetRequiredValue(hidden)],
        Beta = parsed.GetValue(beta),
        ImportanceSamples = parsed.GetValue(importanceSamples),
        Likelihood = parsed.GetValue(likelihood) switch
        {
            "bernoulli-binarized" => new BernoulliLikelihood { Binarize = true },
            "gaussian" => new GaussianLikelihood(),
            "gaussian-learned" => new GaussianLikelihood { Learned = true },
            _ => Likelihood.Bernoulli,
        },
        Optimizer = new AdamOptions { LearningRate = parsed.GetValue(learningRate) },
        Seed = run.Seed,
    };
    var sampling = parsed.GetValue(nllSamples) is var samples and not 0 ? new ImportanceSamplingOptions { Samples = samples, Seed = run.Seed } : null;
    sampling?.Validate();
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

    using var vae = new Vae(options, device);
    Console.WriteLine($"{train.Count} images of {train.Height}×{train.Width} to learn from, {test.Count} held out");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(vae, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    using var scope = torch.NewDisposeScope();
    var shown = test.ToTensor(0, Math.Min(10, test.Count)).to(device);
    ImageGrid.Save(run.File("samples.png"), vae.Sample(100, run.Seed), train.Height, train.Width, columns: 10);
    ImageGrid.SavePairs(run.File("reconstructions.png"), shown, vae.Reconstruct(shown), train.Height, train.Width, columns: 10);
    Curves.Save(run.File("curves.svg"), history, "loss", "−ELBO, nats per image");
    vae.Save(run.File("model.safetensors"));

    var latent = LatentReport.Of(vae, test, new LatentReportOptions { Seed = run.Seed }, cancellation);
    var findings = new List<(string Name, JsonNode? Value)> { ("latent.activeUnits", latent.ActiveUnits), ("latent.priorMmd2", latent.PriorDiscrepancy.Mean) };
    if (sampling is not null)
    {
        var nll = ImportanceSampling.Estimate(vae, test, sampling, cancellation: cancellation).LogLikelihood;
        findings.AddRange([("test.nll", -nll.Mean), ("test.nll.standardError", nll.StandardError), ("test.nll.samples", sampling.Samples)]);
    }
    if (parsed.GetValue(classifier) is { } file) findings.AddRange(Fidelity.Measure(file, vae, train, test, run.Seed));

    RunResults.Write(run, options, fit, history, [.. findings]);
    new Report(run, vae, fit, test).Save(history, latent, findings);
    Console.WriteLine(TrainingDisplay.Describe(history.Last));
    Console.WriteLine(latent);
    foreach (var (name, value) in findings) Console.WriteLine($"{name} {value}");
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});
