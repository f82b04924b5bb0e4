using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Training;

/// <summary>A small run that tests stop, damage and resume.</summary>
internal sealed class TrainingScene : IDisposable
{
    public static VaeOptions Model { get; } = new() { ExampleShape = [6], Hidden = [8], LatentSize = 2, Seed = 4 };

    public static FitOptions Options { get; } = new() { Epochs = 3, BatchSize = 16, Seed = 2 };

    public static ArraySource Train { get; } = Examples.Source(70, [6]);

    public static ArraySource Test { get; } = Examples.Source(30, [6], seed: 2);

    public TemporaryFolder Folder { get; } = new();

    public string Newest => Folder["checkpoint.safetensors"];

    public string Previous => Folder["checkpoint.previous.safetensors"];

    public CheckpointOptions Checkpoints => new() { Folder = Folder.Path, Every = null, EverySteps = 2, Resume = true };

    /// <summary>Trains a model of its own and hands it over with its history.</summary>
    public static (Vae Model, TrainingHistory History) Run(
        FitOptions? options = null, CheckpointOptions? checkpoints = null, VaeOptions? model = null, Action<FitProgress>? progress = null,
        CancellationToken cancellation = default, IExampleSource? train = null, Microsoft.Extensions.Logging.ILogger? logger = null)
    {
        var vae = new Vae(model ?? Model);
        try
        {
            return (vae, Trainer.Fit(
                vae, train ?? Train, options ?? Options, Test, progress is null ? null : new Listener(progress), checkpoints, logger, cancellation: cancellation));
        }
        catch
        {
            vae.Dispose();
            throw;
        }
    }

    /// <summary>Trains until so many steps were taken in this call, and is cancelled then.</summary>
    public void RunAndCancel(int steps, FitOptions? options = null)
    {
        using var source = new CancellationTokenSource();
        int taken = 0;
        var run = () => Run(options, Checkpoints, progress: _ => { if (++taken == steps) source.Cancel(); }, cancellation: source.Token);
        run.Should().Throw<OperationCanceledException>();
    }

    /// <summary>Weights, samples and figures are those of a run that nothing happened to.</summary>
    public static void ShouldBeTheSame((Vae Model, TrainingHistory History) run, (Vae Model, TrainingHistory History) expected)
    {
        using var scope = torch.NewDisposeScope();
        Histories.ShouldBeTheSame(run.History, expected.History);
        foreach (var (name, tensor) in run.Model.State) tensor.Values().Should().Equal(expected.Model.State[name].Values(), name);
        run.Model.Sample(5, seed: 1).Values().Should().Equal(expected.Model.Sample(5, seed: 1).Values());
    }

    public void Dispose() => Folder.Dispose();

    private sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
