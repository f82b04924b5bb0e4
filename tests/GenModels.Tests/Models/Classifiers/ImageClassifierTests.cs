using System.Diagnostics;
using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Models.Classifiers;

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
        (IReadOnlyDictionary<string, double>, TrainingHistory) Run()
        {
            using var classifier = new ImageClassifier(Small);
            var history = Trainer.Fit(classifier, train, new FitOptions { Epochs = 30, BatchSize = 32, Seed = 1 }, test);
            return (Trainer.Evaluate(classifier, test), history);
        }
        var (metrics, history) = Run();
        // Guessing gets a tenth. The last 297 digits come from other writers, so they are harder than a random part.
        metrics["accuracy"].Should().BeGreaterThan(0.85);
        history.Last.Test.Should().Equal(metrics);
        history.Last.Train["accuracy"].Should().BeGreaterThan(0.9);
        Run().Item1.Should().Equal(metrics);
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

        Trainer.Evaluate(classifier, images)["loss"].Should().BeApproximately(loss.item<float>(), 1e-6);
        var history = Trainer.Fit(classifier, images, new FitOptions { Epochs = 1, BatchSize = 6 });
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
            var history = Trainer.Fit(classifier, digits, options, progress: progress);
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
        var history = Trainer.Fit(classifier, train, new FitOptions { Epochs = 50, BatchSize = 30, EarlyStopping = stopping }, test, listener);
        (history.StopReason, history.BestEpoch, history.Epochs.Count).Should().Be((StopReason.EarlyStopping, 1, 4));
        foreach (var (name, tensor) in classifier.State) tensor.Values().SequenceEqual(best[name]).Should().Be(restore, name);

        var without = () => Trainer.Fit(classifier, train, new FitOptions { EarlyStopping = stopping });
        without.Should().Throw<ArgumentException>().WithParameterName("test");
    }

    [Fact]
    public void A_loss_or_a_weight_that_is_not_finite_stops_training_and_is_named()
    {
        var digits = DataSets.Digits().Test.Take(60);
        TrainingDivergedException Fit(double rate, int batchSize)
        {
            using var classifier = new ImageClassifier(Small with { Optimizer = new SgdOptions { LearningRate = rate } });
            var fit = () => Trainer.Fit(classifier, digits, new FitOptions { Epochs = 1, BatchSize = batchSize });
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
        other.Should().Throw<ModelFileException>().WithMessage("*'vae'*ImageClassifier*");
        var wrong = () => GenerativeModel.Load(_folder["c.safetensors"]);
        wrong.Should().Throw<ModelFileException>().WithMessage("*'image-classifier'*");
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        using var classifier = new ImageClassifier(Small with { Classes = 4 });
        var digits = DataSets.Digits().Test;
        void Rejects(Action act, string name, string message) => act.Should().Throw<ArgumentException>().WithMessage(message).Which.ParamName.Should().Be(name);
        Rejects(() => Trainer.Fit(classifier, digits), "examples", "*10 classes*at most 4*");
        Rejects(() => Trainer.Evaluate(classifier, new ImageSet("bare", 8, 8, new byte[64], [])), "examples", "*no labels*");
        Rejects(() => classifier.TrainStep(new Batch(torch.zeros(2, 64), torch.tensor(new long[] { 1, 4 }))), "batch", "*label 4*0 to 3*");
        Rejects(() => classifier.TrainStep(torch.zeros(2, 64)), "batch", "*condition*missing*");
        Rejects(() => classifier.Features(torch.zeros(2, 63)), "images", "*[2, 63]*");
        Rejects(() => _ = new ImageClassifier(Small with { Classes = 1 }), "Classes", "*at least 2*");
        Rejects(() => _ = new ImageClassifier(Small with { Hidden = new HiddenLayers { Widths = [] } }), "Hidden", "*at least one*");
        using var ten = new ImageClassifier(Small);
        var cancelled = () => Trainer.Fit(ten, digits.Take(1), cancellation: new CancellationToken(canceled: true));
        cancelled.Should().Throw<OperationCanceledException>();
        classifier.Dispose();
        var used = () => classifier.Probabilities(torch.zeros(1, 64));
        used.Should().Throw<ObjectDisposedException>();
    }

    private sealed class Listener(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => report(value);
    }
}
