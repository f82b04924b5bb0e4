using System.CommandLine.Parsing;
using System.Text.Json;
using GenModels;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "gan", "Trains a generative adversarial network on points or images and tells whether its two networks keep up with each other.",
    [.. PlanarData.Names, .. RunCommand.ImageSets], $"{RunCommand.ImageFolders}; ring, grid and moons are points in the plane, drawn by the seed",
    data: "ring", fit: data => (Preset.For(data).Epochs, Preset.For(data).BatchSize));
var network = new NetworkOptions(command, 64, 128);
Preset PresetOf(ArgumentResult result) => Preset.For(command.DataOf(result), network.IsConvolutional(result));
var latentSize = command.AddNumber("--latent-size", "Dimensions of the generator's noise. The default depends on the data.", result => PresetOf(result).LatentSize, 1, 10_000);
var objective = command.AddChoice("--objective", "What the networks minimise.", GanObjective.NonSaturating, Enum.GetValues<GanObjective>());
var packing = command.AddNumber("--packing", "How many examples the discriminator judges at once.", 1, 1, 100);
var r1 = command.AddNumber("--r1", "The weight of the penalty on the discriminator's gradient at real examples. The default depends on the data.", result => PresetOf(result).R1, 0, 1e6);
var learningRate = command.AddNumber("--learning-rate", "Adam's step size, which falls to 1/30 of it. The default depends on the data.", result => PresetOf(result).LearningRate, 1e-8, 10);
var weightAverage = command.AddNumber("--weight-average", "How much of an average of the generator's weights each step keeps, such as 0.999; samples are drawn with it.", 0.0, 0, 1);
var images = new ImageOptions(command);

return command.Run(args, (parsed, run, cancellation) =>
{
    var convolutions = network.Layers(parsed);
    if (convolutions is not null && PlanarData.Has(run.Data)) throw new ArgumentException("--network conv needs images, and these data are points: leave it out, or choose images.");
    var preset = Preset.For(run.Data, convolutions is not null);
    IGanData data = PlanarData.Has(run.Data)
        ? new PlanarData(run.Data, run.Seed)
        : new ImageData(network.Shaped(parsed, DataSets.Load(run.Data, run.DataDirectory, cancellation)));
    var adam = Preset.Adam(parsed.GetValue(learningRate), run.Steps(data.Train.Count));
    var batchNormed = convolutions is null ? null : convolutions with { BatchNorm = true };
    var options = new GanOptions
    {
        ExampleShape = [.. data.Train.ExampleShape],
        NoiseSize = parsed.GetValue(latentSize),
        Generator = new HiddenLayers { Widths = [.. preset.Widths], Convolutions = batchNormed },
        Discriminator = new HiddenLayers { Widths = [.. preset.Widths], Activation = Activation.LeakyRelu, Convolutions = batchNormed },
        OutputActivation = preset.Output,
        Objective = parsed.GetValue(objective),
        Packing = parsed.GetValue(packing),
        R1 = parsed.GetValue(r1),
        GeneratorOptimizer = adam,
        DiscriminatorOptimizer = adam,
        WeightAverage = parsed.GetValue(weightAverage),
        Condition = images.Condition(parsed, data.Train),
        Seed = run.Seed,
    };
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

    options.Validate();
    TrainingMemory.Check(
        // The discriminator sees as many samples as examples.
        2.0 * Math.Min(run.BatchSize, data.Train.Count), convolutions, options.ExampleShape,
        [options.NoiseSize, .. preset.Widths, options.ExampleSize], [options.Packing * options.ExampleSize, .. preset.Widths, 1]);
    var device = run.Start();
    using var classifier = images.Classifier(parsed, data.Test, device);
    using var gan = new Gan(options, device);
    Console.WriteLine($"{data.Train.Count} {data.Things} to learn from, {data.Test.Count} held out");
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(gan, data.Train, fit, data.Test, progress, run.Checkpoints, cancellation: cancellation), () => Reading.Of(gan.Health));

    // Saved first: whatever fails below, the training is not lost.
    gan.Save(run.File("model.safetensors"));
    Curves.SaveLosses(run.File("curves.svg"), history);
    using var scope = torch.NewDisposeScope();
    Findings findings = [.. data.Judge(gan, run)];
    Fidelity.Measure(findings, classifier, gan, data.Train, data.Test, run.Seed);
    Console.WriteLine(Reading.Of(gan.Health));
    Console.WriteLine(gan.Health);
    findings.Print();
    findings.Add(("health", JsonSerializer.SerializeToNode(gan.Health)));
    RunResults.Write(run, options, fit, history, findings);
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});
