using System.Text.Json;
using GenModels;
using GenModels.Networks;
using GenModels.Samples;
using GenModels.Training;
using TorchSharp;

var command = new RunCommand(
    "gan", "Trains a generative adversarial network on points or images and tells whether its two networks keep up with each other.",
    "ring, grid or moons (points in the plane, drawn by the seed), digits, mnist, fashion-mnist, or a folder with the four IDX files.",
    data: "ring", fit: data => (Preset.For(data).Epochs, Preset.For(data).BatchSize));
var latentSize = command.AddSuitedOption("--latent-size", "Dimensions of the generator's noise.", data => Preset.For(data).LatentSize);
var objective = command.AddOption("--objective", "What the networks minimise.", GanObjective.NonSaturating);
var packing = command.AddOption("--packing", "How many examples the discriminator judges at once.", 1);
var r1 = command.AddSuitedOption("--r1", "The weight of the penalty on the discriminator's gradient at real examples.", data => Preset.For(data).R1);
var learningRate = command.AddSuitedOption("--learning-rate", "Adam's step size, which falls to 1/30 of it.", data => Preset.For(data).LearningRate);

return command.Run(args, (parsed, run, cancellation) =>
{
    var device = run.Start();
    var preset = Preset.For(run.Data);
    IGanData data = PlanarData.Has(run.Data) ? new PlanarData(run.Data, run.Seed) : new ImageData(run.Data, run.DataDirectory);
    int steps = run.Epochs * ((data.Train.Count - 1) / run.BatchSize + 1);
    var adam = Preset.Adam(parsed.GetValue(learningRate), steps);
    var options = new GanOptions
    {
        ExampleShape = [.. data.Train.ExampleShape],
        NoiseSize = parsed.GetValue(latentSize),
        Generator = new HiddenLayers { Widths = [.. preset.Widths] },
        Discriminator = new HiddenLayers { Widths = [.. preset.Widths], Activation = Activation.LeakyRelu },
        OutputActivation = preset.Output,
        Objective = parsed.GetValue(objective),
        Packing = parsed.GetValue(packing),
        R1 = parsed.GetValue(r1),
        GeneratorOptimizer = adam,
        DiscriminatorOptimizer = adam,
        Seed = run.Seed,
    };
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

    using var gan = new Gan(options, device);
    Console.WriteLine($"{data.Train.Count} {data.Things} to learn from, {data.Test.Count} held out");
    var history = TrainingDisplay.Show(
        progress => Trainer.Fit(gan, data.Train, fit, data.Test, progress, cancellation), () => Reading.Of(gan.Health));

    using var scope = torch.NewDisposeScope();
    var findings = data.Judge(gan, run);
    Curves.Save(
        run.File("curves.svg"), history, "losses", "nats",
        ("discriminator", history.Train("discriminator_loss")), ("generator", history.Train("generator_loss")));
    gan.Save(run.File("model.safetensors"));
    RunResults.Write(run, options, fit, history, [("health", JsonSerializer.SerializeToNode(gan.Health)), .. findings]);
    Console.WriteLine(Reading.Of(gan.Health));
    Console.WriteLine(gan.Health);
    foreach (var (name, value) in findings) Console.WriteLine($"{name} {value}");
    Console.WriteLine($"results in {Path.GetFullPath(run.Output)}");
});
