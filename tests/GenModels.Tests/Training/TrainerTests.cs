using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Training;

public class TrainerTests
{
    private static readonly VaeOptions Small = new() { ExampleShape = [6], Hidden = [8], LatentSize = 2, Seed = 4 };

    [Fact]
    public void Training_lowers_the_loss_and_records_every_epoch()
    {
        using var vae = new Vae(Small);
        var (train, test) = (Examples.Source(300, [6]), Examples.Source(90, [6], seed: 2));
        var history = Trainer.Fit(vae, train, new FitOptions { Epochs = 15, BatchSize = 32 }, test);

        history.Epochs.Select(e => e.Epoch).Should().Equal(Enumerable.Range(1, 15));
        history.Train("loss").Last().Should().BeLessThan(history.Train("loss").First());
        history.Test("loss").Last().Should().BeLessThan(history.Test("loss").First());
        history.Last.Train.Keys.Should().Equal("loss", "reconstruction", "kl");
        history.Last.ExamplesPerSecond.Should().BeApproximately(300 / history.Last.Duration.TotalSeconds, 1e-6);
    }

    [Fact]
    public void An_epochs_figures_are_means_over_examples_and_not_over_batches()
    {
        using var model = new Recorder();
        var history = Trainer.Fit(model, Numbered(10), new FitOptions { Epochs = 1, BatchSize = 4 }, test: Numbered(10));
        // Batches of 4, 4 and 2: a mean of batch means would weight the last two examples double.
        history.Last.Train["loss"].Should().BeApproximately(4.5, 1e-6);
        history.Last.Test["loss"].Should().BeApproximately(4.5, 1e-6);
    }

    [Fact]
    public void Every_epoch_visits_every_example_once_in_an_order_of_its_own()
    {
        using var model = new Recorder();
        Trainer.Fit(model, Numbered(10), new FitOptions { Epochs = 3, BatchSize = 4 });
        var epochs = model.Seen.Chunk(10).ToArray();
        epochs.Should().HaveCount(3);
        foreach (var epoch in epochs) epoch.Order().Should().Equal(Enumerable.Range(0, 10).Select(i => (float)i));
        epochs[0].Should().NotEqual(epochs[1]);

        using var again = new Recorder();
        Trainer.Fit(again, Numbered(10), new FitOptions { Epochs = 3, BatchSize = 4 });
        again.Seen.Should().Equal(model.Seen);
        using var other = new Recorder();
        Trainer.Fit(other, Numbered(10), new FitOptions { Epochs = 3, BatchSize = 4, Seed = 1 });
        other.Seen.Should().NotEqual(model.Seen);
    }

    [Fact]
    public void Progress_is_told_after_every_step()
    {
        using var model = new Recorder();
        var reports = new List<FitProgress>();
        Trainer.Fit(model, Numbered(10), new FitOptions { Epochs = 2, BatchSize = 4 }, progress: new Listener(reports.Add));
        reports.Select(r => (r.Epoch, r.Batch)).Should().Equal((1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3));
        reports.Select(r => r.Completed?.Epoch).Should().Equal(null, null, 1, null, null, 2);
        reports[^1].Fraction.Should().Be(1);
        reports[0].Fraction.Should().BeApproximately(1 / 6.0, 1e-12);
    }

    [Fact]
    public void Cancelling_ends_training_between_two_steps()
    {
        using var model = new Recorder();
        using var source = new CancellationTokenSource();
        var fit = () => Trainer.Fit(
            model, Numbered(10), new FitOptions { Epochs = 100, BatchSize = 5 },
            progress: new Listener(p => { if (p.Epoch == 2) source.Cancel(); }), cancellation: source.Token);
        fit.Should().Throw<OperationCanceledException>();
        model.Seen.Should().HaveCount(15);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 9)]
    public void A_batch_may_be_larger_than_there_are_examples(int size)
    {
        using var model = new Recorder();
        var reports = new List<FitProgress>();
        var history = Trainer.Fit(
            model, Numbered(10), new FitOptions { Epochs = 2, BatchSize = size, EvaluationBatchSize = size }, Numbered(10), new Listener(reports.Add));
        model.Seen.Should().HaveCount(20);
        (history.Steps, history.Last.Test["loss"]).Should().Be((2, 4.5));
        reports.Select(r => (r.Epoch, r.Batch, r.Batches)).Should().Equal((1, 1, 1), (2, 1, 1));
    }

    [Fact]
    public void A_figure_that_is_not_finite_stops_training_and_is_named()
    {
        using var model = new Recorder { FailAt = 7 };
        var fit = () => Trainer.Fit(model, Numbered(12), new FitOptions { Epochs = 5, BatchSize = 4 });
        var failure = fit.Should().Throw<TrainingDivergedException>().Which;
        (failure.Epoch, failure.Batch, failure.Term).Should().Be((3, 1, "loss"));
        failure.Message.Should().Contain("epoch 3, batch 1").And.Contain("loss").And.Contain("NaN");
    }

    [Theory]
    [InlineData(0, 4, 4, "Epochs")]
    [InlineData(-1, 4, 4, "Epochs")]
    [InlineData(1, 0, 4, "BatchSize")]
    [InlineData(1, 4, 0, "EvaluationBatchSize")]
    public void Settings_outside_their_range_are_rejected(int epochs, int batchSize, int evaluationBatchSize, string name)
    {
        using var model = new Recorder();
        var fit = () => Trainer.Fit(
            model, Numbered(4), new FitOptions { Epochs = epochs, BatchSize = batchSize, EvaluationBatchSize = evaluationBatchSize });
        fit.Should().Throw<ArgumentOutOfRangeException>().WithParameterName(name).WithMessage("*expected at least 1*");
    }

    [Fact]
    public void Examples_of_another_shape_are_rejected_before_the_first_step()
    {
        using var model = new Recorder();
        var fit = () => Trainer.Fit(model, new ArraySource(new float[8], 2));
        fit.Should().Throw<ArgumentException>().WithParameterName("examples").WithMessage("*[2]*[1]*");
        var test = () => Trainer.Fit(model, Numbered(4), test: new ArraySource(new float[8], 2));
        test.Should().Throw<ArgumentException>().WithParameterName("test");
        model.Seen.Should().BeEmpty();
    }

    [Fact]
    public void Evaluation_changes_with_its_seed_only()
    {
        using var vae = new Vae(Small);
        var source = Examples.Source(50, [6]);
        double Loss(ulong seed) => Trainer.Evaluate(vae, source, new FitOptions { Seed = seed })["loss"];
        Loss(1).Should().Be(Loss(1)).And.NotBe(Loss(2));
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        using var vae = new Vae(Small);
        var source = Examples.Source(50, [6]);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Trainer.Fit(vae, source, new FitOptions { Epochs = 2, BatchSize = 16 }, source);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(before);
    }

    [Fact]
    public void History_is_written_as_a_table()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.csv");
        try
        {
            using var model = new Recorder();
            Trainer.Fit(model, Numbered(4), new FitOptions { Epochs = 2 }, Numbered(4)).WriteCsv(path);
            var lines = File.ReadAllLines(path);
            lines[0].Should().Be("epoch,train.loss,test.loss,seconds,examplesPerSecond");
            lines.Should().HaveCount(3);
            lines[2].Should().StartWith("2,1.5,1.5,");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ArraySource Numbered(int count) => new([.. Enumerable.Range(0, count).Select(i => (float)i)], 1);

    private sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }

    /// <summary>A model that learns nothing: its loss is the mean of the examples.</summary>
    private sealed class Recorder : IGenerativeModel
    {
        private sealed record Settings : ModelOptions;

        private sealed record MeanMetrics(double Loss) : IMetrics
        {
            public IEnumerable<(string Name, double Value)> Named => [("loss", Loss)];
        }

        public List<float> Seen { get; } = [];
        public int FailAt { get; init; } = int.MaxValue;
        public ModelOptions Options { get; } = new Settings { ExampleShape = [1] };
        public torch.Device Device => torch.CPU;
        public IReadOnlyDictionary<string, torch.Tensor> State { get; } = new Dictionary<string, torch.Tensor>();
        private int Steps { get; set; }

        public IMetrics TrainStep(Batch batch)
        {
            Seen.AddRange(batch.Examples.data<float>().ToArray());
            return ++Steps == FailAt ? new MeanMetrics(double.NaN) : Mean(batch.Examples);
        }

        public IMetrics Evaluate(Batch batch, torch.Generator generator) => Mean(batch.Examples);
        public torch.Tensor Sample(int count, torch.Generator generator, torch.Tensor? condition = null) => torch.zeros(count, 1);
        public void Dispose() { }

        private static MeanMetrics Mean(torch.Tensor batch) => new(batch.data<float>().ToArray().Average());
    }
}
