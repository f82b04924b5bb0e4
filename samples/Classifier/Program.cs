using GenModels;
using GenModels.Data;
using GenModels.Optimization;
using GenModels.Samples;
using GenModels.Training;

var command = new RunCommand(
    "classifier", "Trains the classifier of images by whose features and classes generated images are judged, and keeps it as a file.",
    RunCommand.ImageSets, RunCommand.ImageFolders, data: "mnist",
    fit: data => (Epochs: data == "digits" ? 60 : 15, BatchSize: data == "digits" ? 32 : 128));
var network = new NetworkOptions(command, 32, 64);
var learningRate = command.AddNumber("--learning-rate", "Adam's step size, which falls to 1/10 of it.", 1e-3, 1e-8, 10);

return command.Run(args, (parsed, run, cancellation) =>
{
    var (train, test) = network.Shaped(parsed, DataSets.Load(run.Data, run.DataDirectory, cancellation));
    if (train.Classes == 0) throw new ArgumentException($"The images of {run.Data} have no classes: put those of each class into a folder of their own.");
    var hidden = new ClassifierOptions().Hidden;
    var options = new ClassifierOptions
    {
        ExampleShape = [.. train.ExampleShape],
        Classes = train.Classes,
        Hidden = network.Layers(parsed) is { } convolutions ? hidden with { Widths = [256], InputDropout = 0.3, Convolutions = convolutions } : hidden,
        Optimizer = new AdamOptions { LearningRate = parsed.GetValue(learningRate), Schedule = ExponentialSchedule.To(0.1, run.Steps(train.Count)) },
        Seed = run.Seed,
    };
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };

    options.Validate();
    TrainingMemory.Check(Math.Min(run.BatchSize, train.Count), options.Hidden.Convolutions, options.ExampleShape, [options.ExampleSize, .. options.Hidden.Widths, options.Classes]);
    var device = run.Start();
    using var classifier = new ImageClassifier(options, device);
    Console.WriteLine($"{train.Count} images of {train.Height}×{train.Width} in {options.Classes} classes to learn from, {test.Count} held out");
    var history = TrainingDisplay.Show(run, progress => Trainer.Fit(classifier, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    classifier.Save(run.File("classifier.safetensors"));
    Curves.Save(run.File("curves.svg"), history, "loss", "nats per image");
    history.WriteCsv(run.File("history.csv"));
    RunResults.Write(run, options, fit, history, []);
    Console.WriteLine($"{TrainingDisplay.Describe(history.Last)}\nresults in {Path.GetFullPath(run.Output)}");
});
