using GenModels;
using GenModels.Data;
using GenModels.Reporting;
using GenModels.Samples;
using GenModels.Training;

var command = new RunCommand(
    "own-model", "Trains a model that is not in the library: a Wasserstein autoencoder of 60 lines.",
    RunCommand.ImageSets, RunCommand.ImageFolders, data: "digits", fit: _ => (Epochs: 50, BatchSize: 128));
var weight = command.AddNumber("--weight", "How much the distance of the codes from the prior counts.", 100, 0, 1e6);

return command.Run(args, (parsed, run, cancellation) =>
{
    var (train, test) = DataSets.Load(run.Data, run.DataDirectory, cancellation);
    var options = new WassersteinOptions { ExampleShape = [.. train.ExampleShape], Weight = parsed.GetValue(weight), WeightAverage = 0.999, Seed = run.Seed };
    var fit = new FitOptions { Epochs = run.Epochs, BatchSize = run.BatchSize, Seed = run.Seed };
    options.Validate();
    TrainingMemory.Check(Math.Min(run.BatchSize, train.Count), [options.ExampleSize, options.Hidden, options.CodeSize, options.Hidden, options.ExampleSize]);
    using var model = new WassersteinAutoencoder(options, run.Start());
    var history = TrainingDisplay.Show(
        run, progress => Trainer.Fit(model, train, fit, test, progress, run.Checkpoints, cancellation: cancellation));

    model.Save(run.File("model.safetensors"));
    Curves.Save(run.File("curves.svg"), history, "loss", "nats per image");
    using var samples = model.Sample(100, run.Seed);
    ImageGrid.Save(run.File("samples.png"), samples, train.Height, train.Width, columns: 10);
    RunResults.Write(run, options, fit, history, []);
    Console.WriteLine($"{TrainingDisplay.Describe(history.Last)}\nresults in {Path.GetFullPath(run.Output)}");
});
