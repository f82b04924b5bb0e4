using System.Diagnostics;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Evaluation;

public sealed class ImageClassifierTests : IDisposable
{
    private static readonly ClassifierOptions Small = new() { ExampleShape = [64], Hidden = new HiddenLayers { Widths = [32, 16], Dropout = 0.1 }, Seed = 3 };
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Learns_the_digits_and_repeats_with_the_same_seed()
    {
        var (train, test) = DataSets.Digits();
        (ClassifierMetrics, TrainingHistory) Run()
        {
            using var classifier = new ImageClassifier(Small);
            var history = classifier.Fit(train, new FitOptions { Epochs = 30, BatchSize = 32, Seed = 1 }, test);
            return (classifier.Evaluate(test), history);
        }
        var (metrics, history) = Run();
        // Guessing gets a tenth. The last 297 digits come from other writers, so they are harder than a random part.
        metrics.Accuracy.Should().BeGreaterThan(0.85);
        history.Last.Test.Should().BeEquivalentTo(new Dictionary<string, double> { ["loss"] = metrics.Loss, ["accuracy"] = metrics.Accuracy });
        history.Last.Train["accuracy"].Should().BeGreaterThan(0.9);
        Run().Item1.Should().Be(metrics);
    }

    [Fact]
    public void A_step_follows_the_gradient_of_the_cross_entropy()
    {
        var options = Small with { Hidden = new HiddenLayers { Widths = [5], Activation = Activation.Tanh }, ExampleShape = [4], Classes = 3 };
        using var classifier = new ImageClassifier(options with { Optimizer = new SgdOptions { LearningRate = 1, Momentum = 0 } });
        var images = new ImageSet("tiny", 2, 2, [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 10))], [0, 2, 1, 1, 0, 2]);
        var before = classifier.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        var w = before.ToDictionary(s => s.Key, s => s.Value.clone().requires_grad_());
        var h = (images.ToTensor(0, 6).matmul(w["network.0.weight"].t()) + w["network.0.bias"]).tanh();
        var log = (h.matmul(w["network.1.weight"].t()) + w["network.1.bias"]).log_softmax(1);
        var loss = -log.gather(1, torch.tensor(new long[] { 0, 2, 1, 1, 0, 2 }).view(6, 1)).mean();
        var gradients = torch.autograd.grad([loss], [.. w.Values]);

        classifier.Evaluate(images).Loss.Should().BeApproximately(loss.item<float>(), 1e-6);
        var history = classifier.Fit(images, new FitOptions { Epochs = 1, BatchSize = 6 });
        history.Last.Train["loss"].Should().BeApproximately(loss.item<float>(), 1e-6);
        foreach (var (name, gradient) in w.Keys.Zip(gradients))
            (before[name] - classifier.State[name]).allclose(gradient, rtol: 1e-4, atol: 1e-6).Should().BeTrue(name);
    }

    [Fact]
    public void Steps_and_time_are_limited()
    {
        var digits = DataSets.Digits().Test.Take(100);
        (StopReason, long, int) Fit(FitOptions options, IProgress<FitProgress>? progress = null)
        {
            using var classifier = new ImageClassifier(Small);
            var history = classifier.Fit(digits, options, progress: progress);
            return (history.StopReason, history.Steps, history.Epochs.Count);
        }
        var options = new FitOptions { Epochs = 3, BatchSize = 30 };
        Fit(options).Should().Be((StopReason.Completed, 12, 3));
        Fit(options with { MaxSteps = 6 }).Should().Be((StopReason.MaxSteps, 6, 1));
        Fit(options with { MaxSteps = 8 }).Should().Be((StopReason.MaxSteps, 8, 2));
        var limit = TimeSpan.FromMilliseconds(100);
        var sinceFirst = new Stopwatch();
        var slow = new Listener(p =>
        {
            if (p.Batch == 1) sinceFirst.Start();
            else SpinWait.SpinUntil(() => sinceFirst.Elapsed > limit);
        });
        var (reason, steps, _) = Fit(options with { MaxDuration = limit }, slow);
        (reason, steps <= 2).Should().Be((StopReason.MaxDuration, true));
        Fit(options with { BatchSize = int.MaxValue, EvaluationBatchSize = int.MaxValue }).Should().Be((StopReason.Completed, 3, 3));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Early_stopping_ends_after_the_patience_and_gives_the_best_weights_back(bool restore)
    {
        var (train, test) = (DataSets.Digits().Train.Take(100), DataSets.Digits().Test.Take(50));
        using var classifier = new ImageClassifier(Small);
        // No accuracy is better than another by 2.
        var stopping = new EarlyStopping { Metric = "accuracy", HigherIsBetter = true, MinDelta = 2, Patience = 3, RestoreBest = restore };
        Dictionary<string, float[]> best = [];
        var listener = new Listener(p => { if (p.Completed?.Epoch == 1) best = classifier.State.ToDictionary(s => s.Key, s => s.Value.Values()); });
        var history = classifier.Fit(train, new FitOptions { Epochs = 50, BatchSize = 30, EarlyStopping = stopping }, test, listener);
        (history.StopReason, history.BestEpoch, history.Epochs.Count).Should().Be((StopReason.EarlyStopping, 1, 4));
        foreach (var (name, tensor) in classifier.State) tensor.Values().SequenceEqual(best[name]).Should().Be(restore, name);

        var without = () => classifier.Fit(train, new FitOptions { EarlyStopping = stopping });
        without.Should().Throw<ArgumentException>().WithParameterName("test");
    }

    [Fact]
    public void A_loss_or_a_weight_that_is_not_finite_stops_training_and_is_named()
    {
        var digits = DataSets.Digits().Test.Take(60);
        TrainingDivergedException Fit(double rate, int batchSize)
        {
            using var classifier = new ImageClassifier(Small with { Optimizer = new SgdOptions { LearningRate = rate } });
            var fit = () => classifier.Fit(digits, new FitOptions { Epochs = 1, BatchSize = batchSize });
            return fit.Should().Throw<TrainingDivergedException>().Which;
        }
        // The products of such weights have no place in single precision.
        var loss = Fit(1e30, batchSize: 10);
        (loss.Epoch, loss.Batch, loss.Term).Should().Be((1, 2, "loss"));
        loss.InputRange.Should().Be((0, 1));
        // One step, and no loss after it.
        var weight = Fit(1e300, batchSize: 60);
        (weight.Epoch, weight.Batch).Should().Be((1, 1));
        weight.Term.Should().StartWith("network.");
    }

    [Fact]
    public void Features_are_what_the_last_hidden_layer_gives_and_probabilities_what_follows()
    {
        using var classifier = new ImageClassifier(Small);
        var images = Examples.Batch(7, [64]);
        var (features, probabilities) = (classifier.Features(images), classifier.Probabilities(images));
        features.shape.Should().Equal(7, 16);
        features.min().item<float>().Should().Be(0, "the units are rectified");
        var logits = features.matmul(classifier.State["network.2.weight"].t()) + classifier.State["network.2.bias"];
        probabilities.allclose(logits.softmax(1), rtol: 1e-5, atol: 1e-6).Should().BeTrue();
        Features.Extract(classifier.Features, images, batchSize: 3).allclose(features, rtol: 1e-5, atol: 1e-6).Should().BeTrue();
    }

    [Fact]
    public void A_file_brings_back_settings_and_weights()
    {
        using var classifier = new ImageClassifier(Small);
        classifier.Save(_folder["c.safetensors"]);
        using var loaded = ImageClassifier.Load(_folder["c.safetensors"]);
        loaded.Options.Should().Be(Small);
        loaded.Probabilities(Examples.Batch(5, [64])).Values().Should().Equal(classifier.Probabilities(Examples.Batch(5, [64])).Values());

        using var vae = new Vae(new VaeOptions { ExampleShape = [64], Hidden = [3], LatentSize = 2 });
        vae.Save(_folder["v.safetensors"]);
        var other = () => ImageClassifier.Load(_folder["v.safetensors"]);
        other.Should().Throw<ModelFileException>().WithMessage("*'Vae'*ImageClassifier*");
        var wrong = () => GenerativeModel.Load(_folder["c.safetensors"]);
        wrong.Should().Throw<ModelFileException>().WithMessage("*'ImageClassifier'*");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var classifier = new ImageClassifier(Small with { Classes = 4 });
        var digits = DataSets.Digits().Test;
        void Rejects(Action act, string name, string message) => act.Should().Throw<ArgumentException>().WithMessage(message).Which.ParamName.Should().Be(name);
        Rejects(() => classifier.Fit(digits), "train", "*label 9*0 to 3*");
        Rejects(() => classifier.Evaluate(new ImageSet("bare", 8, 8, new byte[64], [])), "images", "*no labels*");
        Rejects(() => classifier.Features(torch.zeros(2, 63)), "images", "*[2, 63]*");
        Rejects(() => _ = new ImageClassifier(Small with { Classes = 1 }), "Classes", "*at least 2*");
        Rejects(() => _ = new ImageClassifier(Small with { Hidden = new HiddenLayers { Widths = [] } }), "Hidden", "*at least one*");
        var cancelled = () => classifier.Fit(digits.Take(1), cancellation: new CancellationToken(canceled: true));
        cancelled.Should().Throw<OperationCanceledException>();
        classifier.Dispose();
        var used = () => classifier.Probabilities(torch.zeros(1, 64));
        used.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void The_score_is_the_number_of_classes_shown_clearly_and_equally_often()
    {
        // Ten images, a class each, over and over.
        var clear = torch.cat([.. Enumerable.Repeat(torch.eye(10), 20)]);
        var score = ClassifierScore.Of(clear);
        score.Mean.Should().BeApproximately(10, 1e-13);
        score.StandardDeviation.Should().BeApproximately(0, 1e-13);
        ClassifierScore.Of(torch.full([50, 10], 0.1), splits: 5).Mean.Should().BeApproximately(1, 1e-12, "images that show nothing");
        ClassifierScore.Of(clear.select(0, 0).expand(50, 10)).Mean.Should().BeApproximately(1, 1e-12, "one class only");

        // p(y) is uniform over two; each image's divergence from it is log 2 − H(0.9, 0.1).
        double divergence = Math.Log(2) + 0.9 * Math.Log(0.9) + 0.1 * Math.Log(0.1);
        var unsure = ClassifierScore.Of(torch.tensor(new double[,] { { 0.9, 0.1 }, { 0.1, 0.9 } }), splits: 1);
        unsure.Mean.Should().BeApproximately(Math.Exp(divergence), 1e-12);

        var parts = ClassifierScore.Of(torch.tensor(new double[,] { { 1, 0 }, { 0, 1 }, { 1, 0 }, { 1, 0 } }), splits: 2);
        parts.Mean.Should().BeApproximately(1.5, 1e-13);
        parts.StandardDeviation.Should().BeApproximately(0.5, 1e-13);
        var none = () => ClassifierScore.Of(torch.ones(4, 3));
        none.Should().Throw<ArgumentException>().WithMessage("*4, 3*n at least 10*");
        var sum = () => ClassifierScore.Of(torch.ones(20, 3));
        sum.Should().Throw<ArgumentException>().WithMessage("*no distribution*");
    }

    private sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
