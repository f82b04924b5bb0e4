using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Training;

/// <summary>What a run tells while it goes on, and when it is cancelled.</summary>
public sealed class FitTests
{
    private static readonly ArraySource Source = Examples.Source(40, [6]);
    private static readonly AutoencoderOptions Model = new() { ExampleShape = [6], Hidden = [4], CodeSize = 2 };
    private static readonly FitOptions Four = new() { Epochs = 4, BatchSize = 10 };

    [Fact]
    public void The_end_of_every_epoch_is_told_on_the_training_thread_with_the_model_as_it_then_is()
    {
        using var model = new Autoencoder(Model);
        int thread = Environment.CurrentManagedThreadId;
        var told = new List<(int Epoch, int Thread, double Loss)>();
        var history = Trainer.Fit(model, Source, Four, test: Source, epochEnded: epoch =>
            told.Add((epoch.Epoch, Environment.CurrentManagedThreadId, Trainer.Evaluate(model, Source)["loss"])));
        told.Should().Equal(history.Epochs.Select(epoch => (epoch.Epoch, thread, epoch.Test["loss"])));
    }

    [Fact]
    public void A_run_that_is_cancelled_tells_what_it_did()
    {
        using var model = new Autoencoder(Model);
        using var cancellation = new CancellationTokenSource();
        var fit = () => Trainer.Fit(
            model, Source, Four, progress: new Listener(p => { if (p is { Epoch: 3, Batch: 2 }) cancellation.Cancel(); }), cancellation: cancellation.Token);
        var exception = fit.Should().Throw<TrainingCanceledException>().Which;
        exception.CancellationToken.Should().Be(cancellation.Token);
        (exception.History.StopReason, exception.History.Epochs.Count, exception.History.Steps).Should().Be((StopReason.Canceled, 2, 10));
        exception.Message.Should().Be("Training was cancelled after 10 steps and 2 whole epochs.");
    }

    [Fact]
    public async Task On_a_thread_of_the_pool_it_does_the_same()
    {
        using var model = new Autoencoder(Model);
        using var same = new Autoencoder(Model);
        var expected = Trainer.Fit(same, Source, Four);
        var history = await Trainer.FitAsync(model, Source, Four);
        history.Train("loss").Should().Equal(expected.Train("loss"));

        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var fit = () => Trainer.FitAsync(model, Source, Four, cancellation: cancelled.Token);
        (await fit.Should().ThrowAsync<TrainingCanceledException>()).Which.History.Steps.Should().Be(0);
    }

    private sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
