using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Optimization;
using GenModels.Randomness;
using GenModels.Training;

namespace GenModels.Tests.Models;

/// <summary>Examples as probabilities of binary data.</summary>
public class VaeBinarizationTests
{
    private static readonly VaeOptions Plain = new() { ExampleShape = [6], Hidden = [5], LatentSize = 3, Seed = 4, Optimizer = Gradients.Optimizer };
    private static readonly VaeOptions Binarized = Plain with { Likelihood = new BernoulliLikelihood { Binarize = true } };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Evaluation_is_that_of_the_drawn_examples(int importanceSamples)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Vae(Binarized with { ImportanceSamples = importanceSamples });
        using var plain = new Vae(Plain with { ImportanceSamples = importanceSamples });
        plain.Load(model.State);
        var x = Examples.Batch(7, [6]);
        var generator = new RandomGenerator(9);
        var again = new RandomGenerator(9);
        model.Evaluate(x, generator).Should().Be(plain.Evaluate(Binarization.Draw(x, again), again));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_step_is_that_of_the_drawn_examples_and_each_draws_anew(int importanceSamples)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Vae(Binarized with { ImportanceSamples = importanceSamples });
        using var reference = new Vae(Plain with { ImportanceSamples = importanceSamples });
        reference.Load(model.State);
        var x = Examples.Batch(7, [6]);
        var noise = RandomGenerator.For(model.Options.Seed, RandomStreams.Noise);
        for (int step = 0; step < 2; step++)
        {
            var expected = reference.Evaluate(Binarization.Draw(x, noise), noise);
            var metrics = model.TrainStep(x);
            metrics.Loss.Should().BeApproximately(expected.Loss, 1e-5 * (1 + Math.Abs(expected.Loss)), "step {0}", step);
            reference.Load(model.State);
        }
    }

    [Fact]
    public void The_log_likelihood_is_the_mean_over_what_the_examples_describe()
    {
        // Without a code to speak of, log p(x̃) = Σ [x̃·l − log(1 + eˡ)], whose mean over x̃ ~ Bernoulli(x) is the formula at x.
        using var model = new Vae(Binarized with { Hidden = [] });
        model.Set("decoder.0.weight", new double[18]);
        model.Set("decoder.0.bias", 2, -1, 0.5, 0, -3, 1);
        double[] logits = [2, -1, 0.5, 0, -3, 1], x = [0.2, 0.9, 0.5, 1, 0, 0.4];
        double mean = logits.Zip(x, (l, p) => p * l - double.LogP1(Math.Exp(l))).Sum();
        const int copies = 4_000;
        var source = new ArraySource([.. Enumerable.Repeat(x, copies).SelectMany(v => v).Select(v => (float)v)], 6);
        var estimate = ImportanceSampling.Estimate(model, source, new ImportanceSamplingOptions { Samples = 200 }).LogLikelihood;
        double variance = logits.Zip(x, (l, p) => l * l * p * (1 - p)).Sum();
        // The error of a standard deviation from n draws is 1/√2n of it; the encoder is not the prior, so that 200 draws add a little of their own.
        double error = Math.Sqrt(variance / copies), tolerance = 4.5 / Math.Sqrt(2 * copies);
        estimate.StandardError.Should().BeInRange((1 - tolerance) * error, (1.05 + tolerance) * error);
        estimate.Mean.Should().BeApproximately(mean, 4.5 * estimate.StandardError);
    }

    [Fact]
    public void A_resumed_run_draws_what_the_whole_one_does()
    {
        using var folder = new TemporaryFolder();
        var source = Examples.Source(50, [6]);
        float[] Train(int epochs, CheckpointOptions? checkpoints = null)
        {
            using var scope = torch.NewDisposeScope();
            using var model = new Vae(Binarized with { Optimizer = new AdamOptions() });
            Trainer.Fit(model, source, new FitOptions { Epochs = epochs, BatchSize = 16 }, checkpoints: checkpoints);
            return [.. model.State.Values.SelectMany(t => t.Values())];
        }
        float[] whole = Train(4);
        var checkpoints = new CheckpointOptions { Folder = folder.Path, Resume = true };
        Train(2, checkpoints).Should().NotEqual(whole);
        Train(4, checkpoints).Should().Equal(whole);
    }
}
