using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace GenModels.Tests.Training;

public sealed class ObservabilityTests : IDisposable
{
    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_logger_is_told_of_start_epochs_checkpoints_and_end()
    {
        var logger = new Recorder();
        TrainingScene.Run(checkpoints: _scene.Checkpoints with { EverySteps = 5, Resume = false }, logger: logger).Model.Dispose();
        logger.Entries.Select(e => (e.Id, e.Level)).Should().Equal(
            (1, LogLevel.Information),
            (6, LogLevel.Information), (7, LogLevel.Debug), (6, LogLevel.Information), (7, LogLevel.Debug), (6, LogLevel.Information), (7, LogLevel.Debug),
            (8, LogLevel.Information));
        logger.Entries[0].Text.Should().Be("Training of Vae starts: 3 epochs of 70 examples in batches of 16");
        logger.Entries[1].Text.Should().StartWith("Epoch 1 of 3 ends: train loss ").And.Contain("test loss ");
        logger.Entries[^1].Text.Should().Be("Training ends after 15 steps: Completed");
    }

    [Fact]
    public void Figures_are_logged_in_a_few_digits_whatever_the_culture()
    {
        var logger = new Recorder();
        var (before, comma) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            TrainingScene.Run(logger: logger).Model.Dispose();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        const string figures = @"(\w+ -?\d+(\.\d{1,6})?(E[+-]\d+)?(, )?)+";
        string text = logger.Entries[1].Text;
        text.Should().MatchRegex($@"^Epoch 1 of 3 ends: train {figures}, test {figures}, \d+ examples/s$");
        Regex.Matches(text, @"\d+\.\d+").Should().OnlyContain(number => number.Value.Replace(".", "", StringComparison.Ordinal).TrimStart('0').Length <= 5);
    }

    [Fact]
    public void A_logger_is_told_of_a_resumption_a_damaged_checkpoint_and_a_change()
    {
        _scene.RunAndCancel(7);
        File.WriteAllBytes(_scene.Newest, [1, 2, 3]);
        var logger = new Recorder();
        TrainingScene.Run(TrainingScene.Options with { EvaluationBatchSize = 7 }, _scene.Checkpoints with { AllowChanges = true }, logger: logger).Model.Dispose();
        logger.Entries.Take(3).Select(e => e.Id).Should().Equal(3, 4, 2);
        logger.Entries[1].Text.Should().Be("The configuration changed: fit.EvaluationBatchSize was 1000, and is 7");
        logger.Entries[2].Text.Should().Be($"Training of Vae resumes in epoch 2 after 16 of its examples, at step 6, from {_scene.Previous}");
    }

    [Fact]
    public void A_logger_is_told_of_cancelling_failing_and_an_empty_folder()
    {
        var logger = new Recorder();
        var cancel = () => TrainingScene.Run(checkpoints: _scene.Checkpoints, logger: logger, cancellation: new CancellationToken(true));
        cancel.Should().Throw<OperationCanceledException>();
        logger.Entries.Select(e => e.Id).Should().Equal(5, 1, 7, 9);
        var fail = () => TrainingScene.Run(progress: _ => throw new InvalidOperationException("stop"), logger: logger);
        fail.Should().Throw<InvalidOperationException>();
        (logger.Entries[^1].Id, logger.Entries[^1].Level).Should().Be((10, LogLevel.Error));
    }

    [Fact]
    public void Instruments_count_steps_and_examples_and_measure_losses_and_times()
    {
        var values = new Dictionary<string, List<double>>();
        var losses = new List<double>();
        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            tags.ToArray().Select(t => $"{t.Key}={t.Value}").Should().Equal("model=Vae");
            if (!values.TryGetValue(instrument.Name, out var list)) values.Add(instrument.Name, list = []);
            list.Add(value);
        }
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "GenModels") l.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
            listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
            listener.Start();
            TrainingScene.Run(checkpoints: _scene.Checkpoints with { EverySteps = 5 }, progress: p => losses.Add(p.Metrics.Loss)).Model.Dispose();
        }
        values["genmodels.training.steps"].Sum().Should().Be(15);
        values["genmodels.training.examples"].Sum().Should().Be(210);
        values["genmodels.training.loss"].Should().Equal(losses);
        values["genmodels.training.step.duration"].Should().HaveCount(15).And.OnlyContain(s => s > 0);
        values["genmodels.training.checkpoint.duration"].Should().HaveCount(3).And.OnlyContain(s => s > 0);

        // No one listens any more.
        values.Clear();
        TrainingScene.Run().Model.Dispose();
        values.Should().BeEmpty();
    }

    private sealed class Recorder : ILogger
    {
        public List<(int Id, LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((eventId.Id, logLevel, formatter(state, exception)));
    }
}
