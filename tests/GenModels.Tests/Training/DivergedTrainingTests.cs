using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Training;

/// <summary>Numbers that go wrong: what is told, and that the last good checkpoint stays.</summary>
public sealed class DivergedTrainingTests : IDisposable
{
    private static readonly VaeOptions Gaussian = TrainingScene.Model with { Likelihood = new GaussianLikelihood() };

    private static readonly AutoencoderOptions Linear = new() { ExampleShape = [6], Hidden = [], CodeSize = 2 };

    // With examples near 1e8 the loss fits and a step does not.
    private static readonly AutoencoderOptions Leaping = Linear with { Optimizer = new SgdOptions { LearningRate = 1e30 } };

    private readonly TrainingScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void A_loss_that_is_not_finite_names_epoch_batch_term_and_the_inputs_range()
    {
        // The squares of such values have no place in single precision.
        var failure = Fail(Gaussian, Spoilt(at: 40, value: 1e25f));
        (failure.Epoch, failure.Term).Should().Be((1, "loss"));
        failure.Batch.Should().BeInRange(1, 5);
        failure.InputRange.Greatest.Should().Be(1e25f);
        failure.InputRange.Least.Should().BeInRange(0, 1);
        failure.Message.Should().Contain($"epoch 1, batch {failure.Batch}: loss became ").And.Contain("E+24]");
    }

    [Fact]
    public void An_input_that_is_not_finite_is_told_with_its_place_in_the_source()
    {
        var failure = Fail(TrainingScene.Model, Spoilt(at: 40, value: float.NaN));
        (failure.Epoch, failure.Term).Should().Be((1, "input"));
        failure.Message.Should().Contain("Example 40 of the source");
        failure.InputRange.Least.Should().BeInRange(0, 1);
        failure.InputRange.Greatest.Should().BeInRange(0, 1);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_told_as_the_cause_of_the_next_loss()
    {
        var failure = Diverge(TrainingScene.Options);
        failure.Term.Should().Be("loss");
        failure.Batch.Should().Be(2);
        failure.Message.Should().Contain("of the model was no longer finite");
    }

    [Fact]
    public void Weights_are_looked_at_after_the_last_step_too()
    {
        var failure = Diverge(TrainingScene.Options with { BatchSize = 70 });
        (failure.Epoch, failure.Batch).Should().Be((1, 1));
        failure.Term.Should().Contain("coder.");
    }

    [Fact]
    public void A_gradient_whose_square_is_not_finite_changes_nothing_and_is_never_saved()
    {
        // It would overflow in Adam's second moment, while weights and losses stay finite.
        var train = Spoilt(at: 40, value: 1e12f);
        var run = () => Fit(Linear, train, TrainingScene.Options, _scene.Checkpoints with { EverySteps = 1 });
        run.Should().Throw<TrainingDivergedException>().Which.Term.Should().Be("gradient of encoder.0.weight");

        // What is there goes on, until it meets the same example again.
        var point = Checkpoint.Find(_scene.Folder.Path);
        run.Should().Throw<TrainingDivergedException>();
        Checkpoint.Find(_scene.Folder.Path).Should().Be(point);
    }

    [Fact]
    public void A_gans_gradient_that_is_not_finite_updates_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [2],
            OutputActivation = Activation.Identity,
            Objective = GanObjective.Wasserstein,
            GradientPenalty = 0,
            Discriminator = new() { Widths = [4], Activation = Activation.Identity },
        });
        var before = gan.State.ToDictionary(s => s.Key, s => s.Value.Values());
        // Logits of this size are finite, and so is their mean; the square of the gradient by the weights is not.
        var step = () => gan.TrainStep(torch.full([4, 2], 1e25f));
        step.Should().Throw<NotFiniteUpdateException>().Which.Term.Should().Be("gradient of discriminator.0.weight");
        foreach (var (name, tensor) in gan.State) tensor.Values().Should().Equal(before[name], name);
    }

    private static TrainingDivergedException Diverge(FitOptions options)
    {
        var fit = () => Fit(Leaping, Large(), options);
        return fit.Should().Throw<TrainingDivergedException>().Which;
    }

    private static void Fit(AutoencoderOptions options, IExampleSource train, FitOptions fit, CheckpointOptions? checkpoints = null)
    {
        using var model = new Autoencoder(options);
        Trainer.Fit(model, train, fit, checkpoints: checkpoints);
    }

    private static TrainingDivergedException Fail(VaeOptions model, IExampleSource train)
    {
        var run = () => TrainingScene.Run(model: model, train: train);
        return run.Should().Throw<TrainingDivergedException>().Which;
    }

    private static Unchecked Large() => new(Array.ConvertAll(TrainingScene.Train.Values.ToArray(), v => v * 1e8f));

    private static Unchecked Spoilt(int at, float value)
    {
        float[] values = TrainingScene.Train.Values.ToArray();
        values[at * 6 + 3] = value;
        return new Unchecked(values);
    }

    /// <summary>Examples that nobody has looked at, as they come from a device or a network.</summary>
    private sealed class Unchecked(float[] values) : IExampleSource
    {
        public int Count => values.Length / 6;
        public IReadOnlyList<long> ExampleShape => [6];

        public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
        {
            for (int i = 0; i < indices.Length; i++) values.AsSpan(indices[i] * 6, 6).CopyTo(destination[(i * 6)..]);
        }
    }
}
