using System.Diagnostics.Metrics;
using GenModels.Training;
using Microsoft.Extensions.Logging;

namespace GenModels.Tests.Training;

/// <summary>Runs that are cancelled not by a token but by an exception, from wherever a run calls someone else's code.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    // Epochs have 5 steps, and a checkpoint is written after every second step. The first number is the event that throws.
    [Theory]
    [InlineData("progress", 7, 2, 32)]
    [InlineData("progress", 10, 3, 0)]
    [InlineData("progress", 15, 4, 0)]
    [InlineData("epoch logged", 2, 3, 0)]
    [InlineData("checkpoint logged", 3, 2, 16)]
    [InlineData("checkpoint logged", 5, 3, 0)]
    [InlineData("genmodels.training.steps", 7, 2, 32)]
    [InlineData("genmodels.training.steps", 10, 2, 70)]
    [InlineData("genmodels.training.checkpoint.duration", 3, 2, 16)]
    public void Whoever_is_told_of_a_run_may_cancel_it_and_it_resumes_to_the_same_bits(string place, int number, int epoch, int position)
    {
        var expected = TrainingScene.Run();
        using var owned = expected.Model;
        int events = 0;
        void Told(string what)
        {
            if (what == place && ++events == number) throw new OperationCanceledException();
        }
        var run = () =>
        {
            using var listener = Listen(Told);
            TrainingScene.Run(checkpoints: _scene.Checkpoints, progress: _ => Told("progress"), logger: new Logger(Told)).Model.Dispose();
        };
        run.Should().Throw<OperationCanceledException>();
        var point = Checkpoint.Find(_scene.Folder.Path);
        (point?.Epoch, point?.Position).Should().Be((epoch, position));

        var resumed = TrainingScene.Run(checkpoints: _scene.Checkpoints);
        using var alsoOwned = resumed.Model;
        TrainingScene.ShouldBeTheSame(resumed, expected);
    }

    [Fact]
    public void A_step_that_is_broken_off_is_not_saved_and_is_taken_again()
    {
        // The model draws the noise for the code before it calls the decoder. Step 6 is saved, step 7 is not yet, and step 8 breaks off.
        var point = InterruptAndResume(training: true, call: 8);
        point?.Steps.Should().Be(6);
    }

    [Fact]
    public void An_evaluation_that_is_broken_off_draws_the_same_again()
    {
        // The second of the three batches of the second epoch's evaluation.
        var point = InterruptAndResume(training: false, call: 5);
        (point?.Epoch, point?.Position).Should().Be((2, 70));
    }

    private static MeterListener Listen(Action<string> told)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "GenModels") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, _, _, _) => told(i.Name));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => told(i.Name));
        listener.Start();
        return listener;
    }

    /// <summary>Cancels a run in a call of its decoder, and compares what it ends in after it was resumed with a run that nothing happened to.</summary>
    private ResumePoint? InterruptAndResume(bool training, int call)
    {
        var options = TrainingScene.Options with { EvaluationBatchSize = 10 };
        TrainingHistory Fit(Vae model, CheckpointOptions? checkpoints = null)
        {
            torch.manual_seed(5);
            return Trainer.Fit(model, TrainingScene.Train, options, TrainingScene.Test, checkpoints: checkpoints);
        }
        using var expected = Create(new NoisyDecoder());
        var history = Fit(expected);
        var interrupting = new NoisyDecoder();
        using (var model = Create(interrupting))
        {
            interrupting.CallsUntilCancelled = (training, call);
            var fit = () => Fit(model, _scene.Checkpoints);
            fit.Should().Throw<OperationCanceledException>();
        }
        var point = Checkpoint.Find(_scene.Folder.Path);
        using var resumed = Create(new NoisyDecoder());
        Histories.ShouldBeTheSame(Fit(resumed, _scene.Checkpoints), history);
        foreach (var (name, tensor) in resumed.State) tensor.Values().Should().Equal(expected.State[name].Values(), name);
        return point;
    }

    // Its weights come from libtorch's own generator.
    private static Vae Create(NoisyDecoder decoder)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in decoder.parameters())
        {
            using var noGrad = torch.no_grad();
            parameter.fill_(0.1f);
        }
        return new Vae(TrainingScene.Model, null, decoder);
    }

    /// <summary>A decoder of the user's that draws from libtorch's own generator in training and in evaluation.</summary>
    private sealed class NoisyDecoder : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly torch.nn.Module<torch.Tensor, torch.Tensor> _map = torch.nn.Linear(2, 6);

        public NoisyDecoder() : base(nameof(NoisyDecoder)) => register_module("map", _map);

        public (bool Training, int Count) CallsUntilCancelled { get; set; }

        public override torch.Tensor forward(torch.Tensor input)
        {
            var noise = torch.rand(6) * 0.1;
            var (inTraining, count) = CallsUntilCancelled;
            if (inTraining == training && count > 0)
            {
                if (count == 1) throw new OperationCanceledException();
                CallsUntilCancelled = (inTraining, count - 1);
            }
            return _map.call(input) + noise;
        }
    }

    private sealed class Logger(Action<string> told) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            told(eventId.Id switch { 6 => "epoch logged", 7 => "checkpoint logged", _ => "" });
    }
}
