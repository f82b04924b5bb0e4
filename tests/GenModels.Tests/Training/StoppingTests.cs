using System.Diagnostics;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Training;

public sealed class StoppingTests : IDisposable
{
    // Steps so large that the held-out loss soon gets worse.
    private static readonly VaeOptions Erratic = TrainingScene.Model with { Optimizer = new AdamOptions { LearningRate = 0.3 } };
    private static readonly FitOptions Patient = TrainingScene.Options with { Epochs = 60, EarlyStopping = new EarlyStopping { Patience = 4 } };

    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void Early_stopping_ends_after_the_patience_and_gives_the_best_weights_back()
    {
        var (model, history) = TrainingScene.Run(Patient, model: Erratic);
        using var owned = model;
        double[] losses = [.. history.Test("loss")];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        (history.StopReason, history.BestEpoch, history.Epochs.Count).Should().Be((StopReason.EarlyStopping, best, best + 4));
        best.Should().BeGreaterThan(1);
        Trainer.Evaluate(model, TrainingScene.Test, Patient)["loss"].Should().Be(losses.Min());

        var (last, same) = TrainingScene.Run(Patient with { EarlyStopping = new EarlyStopping { Patience = 4, RestoreBest = false } }, model: Erratic);
        using var alsoOwned = last;
        same.Test("loss").Should().Equal(losses);
        Trainer.Evaluate(last, TrainingScene.Test, Patient)["loss"].Should().Be(losses[^1]);
    }

    [Fact]
    public void An_improvement_must_exceed_the_least_difference()
    {
        // No epoch improves on the first by a million nats.
        var options = Patient with { EarlyStopping = new EarlyStopping { Patience = 3, MinDelta = 1e6 } };
        var (model, history) = TrainingScene.Run(options);
        model.Dispose();
        (history.StopReason, history.BestEpoch, history.Epochs.Count).Should().Be((StopReason.EarlyStopping, 1, 4));
    }

    [Fact]
    public void Another_figure_can_decide_and_more_can_be_better()
    {
        var options = Patient with { EarlyStopping = new EarlyStopping { Metric = "kl", HigherIsBetter = true, Patience = 60 } };
        var (model, history) = TrainingScene.Run(options);
        model.Dispose();
        double[] divergences = [.. history.Test("kl")];
        history.BestEpoch.Should().Be(Array.IndexOf(divergences, divergences.Max()) + 1);
        history.StopReason.Should().Be(StopReason.Completed);
    }

    [Fact]
    public void Interrupted_early_stopping_goes_on_to_the_same_end()
    {
        var expected = TrainingScene.Run(Patient, model: Erratic);
        using var owned = expected.Model;
        // Just after the best epoch, so that its weights come from the checkpoint.
        using var source = new CancellationTokenSource();
        var interrupted = () => TrainingScene.Run(
            Patient, _scene.Checkpoints, Erratic, p => { if (p.Epoch == expected.History.BestEpoch + 2) source.Cancel(); }, source.Token);
        interrupted.Should().Throw<OperationCanceledException>();

        var resumed = TrainingScene.Run(Patient, _scene.Checkpoints, Erratic);
        using var alsoOwned = resumed.Model;
        TrainingScene.ShouldBeTheSame(resumed, expected);

        // Once more: there is nothing left to do but to give the best weights back.
        var again = TrainingScene.Run(Patient, _scene.Checkpoints, Erratic);
        using var ownedToo = again.Model;
        TrainingScene.ShouldBeTheSame(again, expected);
    }

    [Fact]
    public void Early_stopping_needs_held_out_examples_and_a_figure_that_there_is()
    {
        using var model = new Vae(TrainingScene.Model);
        var fit = () => Trainer.Fit(model, TrainingScene.Train, Patient);
        fit.Should().Throw<ArgumentException>().WithParameterName("test");
        var run = () => TrainingScene.Run(Patient with { EarlyStopping = new EarlyStopping { Metric = "accuracy" } });
        run.Should().Throw<ArgumentException>().WithMessage("*'accuracy'*loss, reconstruction, kl*");
    }

    [Fact]
    public void Steps_are_limited_and_a_higher_limit_goes_on_from_there()
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        var (limited, history) = TrainingScene.Run(TrainingScene.Options with { MaxSteps = 7 }, _scene.Checkpoints);
        limited.Dispose();
        (history.StopReason, history.Steps, history.Epochs.Count).Should().Be((StopReason.MaxSteps, 7, 1));
        var whole = TrainingScene.Run(checkpoints: _scene.Checkpoints);
        using var alsoOwned = whole.Model;
        TrainingScene.ShouldBeTheSame(whole, expected);
    }

    [Fact]
    public void Time_is_limited()
    {
        var limit = TimeSpan.FromSeconds(2);
        var sinceFirst = new Stopwatch();
        var (model, history) = TrainingScene.Run(TrainingScene.Options with { MaxDuration = limit }, progress: p =>
        {
            if (p.Batch == 1) sinceFirst.Start();
            else SpinWait.SpinUntil(() => sinceFirst.Elapsed > limit);
        });
        model.Dispose();
        (history.StopReason, history.Steps).Should().Be((StopReason.MaxDuration, 2));
    }

    [Fact]
    public void Settings_outside_their_range_are_rejected()
    {
        foreach (var (options, name) in new[]
        {
            (TrainingScene.Options with { MaxSteps = 0 }, "MaxSteps"),
            (TrainingScene.Options with { MaxDuration = TimeSpan.Zero }, "MaxDuration"),
            (TrainingScene.Options with { EarlyStopping = new EarlyStopping { Patience = 0 } }, "Patience"),
            (TrainingScene.Options with { EarlyStopping = new EarlyStopping { MinDelta = double.NaN } }, "MinDelta"),
            (TrainingScene.Options with { EarlyStopping = new EarlyStopping { Metric = "" } }, "Metric"),
        })
        {
            var run = () => TrainingScene.Run(options);
            run.Should().Throw<ArgumentException>().WithParameterName(name);
        }
    }
}
