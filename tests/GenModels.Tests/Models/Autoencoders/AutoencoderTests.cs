using System.Text.Json;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class AutoencoderTests
{
    private static readonly AutoencoderOptions Small = new() { ExampleShape = [6], Hidden = [5], CodeSize = 3, Seed = 4 };

    public static TheoryData<ReconstructionLoss, bool, int[]> Variants => new()
    {
        { ReconstructionLoss.SquaredError, false, [5] },
        { ReconstructionLoss.SquaredError, true, [5] },
        { ReconstructionLoss.SquaredError, true, [5, 4] },
        { ReconstructionLoss.SquaredError, false, [] },
        { ReconstructionLoss.Bernoulli, false, [5, 4] },
        { ReconstructionLoss.Bernoulli, true, [] },
    };

    [Theory, MemberData(nameof(Variants))]
    public void Every_parameter_has_the_gradient_of_the_objective(ReconstructionLoss loss, bool tied, int[] hidden)
    {
        var options = Small with
        {
            Loss = loss,
            TiedWeights = tied,
            Hidden = [.. hidden],
            Activation = Activation.Tanh,
            CodeActivation = Activation.Sigmoid,
            OutputActivation = loss == ReconstructionLoss.Bernoulli ? Activation.Identity : Activation.Softplus,
        };
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(4, [6]);
        using var model = new Autoencoder(options);
        var gradients = Gradients.OfStep(new Autoencoder(options with { Optimizer = Gradients.Optimizer }), model.State, x);
        foreach (var (name, parameter) in model.State)
            for (long i = 0; i < parameter.numel(); i += 2)
            {
                double slope = Gradients.Slope(parameter, i, () => model.Evaluate(x).Loss);
                gradients[name][i].Should().BeApproximately(slope, 2e-3 * (1 + Math.Abs(slope)), "{0}[{1}]", name, i);
            }
    }

    [Fact]
    public void Squared_error_is_summed_over_values_and_averaged_over_examples()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var x = Examples.Batch(5, [6]) * 4 - 2;
        double expected = (x - model.Reconstruct(x)).square().sum().item<float>() / 5;
        var metrics = model.Evaluate(x);

        metrics.Loss.Should().BeApproximately(expected, 1e-6 * expected);
        metrics.Named.Should().Equal(("loss", metrics.Loss));
        model.TrainStep(x).Loss.Should().Be(metrics.Loss);
        ((double)model.ReconstructionError(x).mean().item<float>()).Should().BeLessThan(metrics.Loss, "a step was taken");
    }

    [Fact]
    public void Bernoulli_error_is_the_cross_entropy_with_the_reconstruction_in_nats()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { Loss = ReconstructionLoss.Bernoulli });
        var x = Examples.Batch(5, [6]);
        var p = model.Reconstruct(x);
        var expected = -(x * p.log() + (1 - x) * (1 - p).log()).sum(1);

        p.Values().Should().OnlyContain(v => v > 0 && v < 1);
        model.ReconstructionError(x).allclose(expected, 1e-5, 1e-6).Should().BeTrue();
        model.Evaluate(x).Loss.Should().BeApproximately(expected.mean().item<float>(), 1e-5);
    }

    [Fact]
    public void Reconstruction_is_the_decoded_code()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { ExampleShape = [2, 3], CodeActivation = Activation.Sigmoid });
        var x = Examples.Batch(5, [6]).view(5, 2, 3);
        var codes = model.Encode(x);

        codes.shape.Should().Equal(5, 3);
        codes.Values().Should().OnlyContain(v => v > 0 && v < 1);
        model.Decode(codes).shape.Should().Equal(5, 2, 3);
        model.Decode(codes).allclose(model.Reconstruct(x)).Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Batches_of_any_size_are_taken(int size)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        model.TrainStep(Examples.Batch(size, [6])).Loss.Should().BePositive();
        model.ReconstructionError(Examples.Batch(size, [6])).shape.Should().Equal(size);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_changes_every_parameter_and_evaluation_none(bool tied)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { TiedWeights = tied, Activation = Activation.Tanh });
        var x = Examples.Batch(8, [6]);
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.Values());
        model.Evaluate(x);
        model.Reconstruct(x);
        foreach (var (name, tensor) in model.State) tensor.Values().Should().Equal(before[name]);
        model.TrainStep(x);
        foreach (var (name, tensor) in model.State) tensor.Values().Should().NotEqual(before[name], name);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_does_not()
    {
        float[] Run(ulong seed)
        {
            using var scope = torch.NewDisposeScope();
            using var model = new Autoencoder(Small with { Seed = seed, Corruption = new MaskingCorruption() });
            for (int i = 0; i < 20; i++) model.TrainStep(Examples.Batch(4, [6], (ulong)i));
            model.FitDensity(Examples.Of(Examples.Batch(50, [6])), new() { Components = 2 });
            return [.. model.State.Where(s => !s.Key.StartsWith("density", StringComparison.Ordinal)).SelectMany(s => s.Value.Values()), .. model.Sample(3, seed: 5).Values()];
        }
        Run(1).Should().Equal(Run(1)).And.NotEqual(Run(2));
    }

    [Fact]
    public void Steps_and_fits_leave_no_tensor_behind()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { TiedWeights = true, Corruption = new GaussianCorruption() });
        var (x, source) = (Examples.Batch(32, [6]), Examples.Of(Examples.Batch(1100, [6])));
        void Use(int count)
        {
            for (int i = 0; i < count; i++)
            {
                model.TrainStep(x);
                model.Evaluate(x);
                model.FitDensity(source, new() { Components = 2, MaximumIterations = 3 });
                model.FitAnomalyThreshold(source);
                model.IsAnomaly(x).Dispose();
                model.AnomalyScore(x).Dispose();
                model.Reconstruct(x).Dispose();
                model.Sample(3, seed: 1).Dispose();
            }
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Use(3);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount, total = torch.Tensor.TotalCount;
        Use(20);
        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
        torch.Tensor.TotalCount.Should().Be(total);
    }

    [Fact]
    public void Networks_of_the_user_are_trained_and_their_shapes_checked()
    {
        using var scope = torch.NewDisposeScope();
        var options = Small with { ExampleShape = [2, 3] };
        using var model = new Autoencoder(
            options, torch.nn.Sequential(new Flat(), torch.nn.Linear(6, 3)), torch.nn.Sequential(torch.nn.Linear(3, 6)));
        var x = Examples.Batch(4, [6]).view(4, 2, 3);
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.Values());
        model.TrainStep(x);

        model.State.Keys.Should().Equal("encoder.1.weight", "encoder.1.bias", "decoder.0.weight", "decoder.0.bias");
        foreach (var (name, tensor) in model.State) tensor.Values().Should().NotEqual(before[name], name);
        model.Reconstruct(x).shape.Should().Equal(4, 2, 3);

        var decoder = () => new Autoencoder(options, null, torch.nn.Linear(3, 5));
        decoder.Should().Throw<ArgumentException>().WithMessage("*expected 6 values*").WithParameterName("decoder");
        var encoder = () => new Autoencoder(Small, torch.nn.Linear(6, 4), null);
        encoder.Should().Throw<ArgumentException>().WithMessage("*expected 3 values*").WithParameterName("encoder");
        var tied = () => new Autoencoder(Small with { TiedWeights = true }, torch.nn.Linear(6, 3), null);
        tied.Should().Throw<ArgumentException>().WithMessage("*TiedWeights*").WithParameterName("options");
    }

    [Fact]
    public void Networks_are_in_training_mode_in_steps_and_nowhere_else()
    {
        using var scope = torch.NewDisposeScope();
        var encoder = new ModeSeen();
        using var model = new Autoencoder(Small with { CodeSize = 6 }, encoder, null);
        var x = Examples.Batch(4, [6]);
        bool Seen(Action use)
        {
            use();
            return encoder.Seen;
        }
        Seen(() => model.TrainStep(x)).Should().BeTrue();
        Seen(() => model.Evaluate(x)).Should().BeFalse();
        Seen(() => model.TrainStep(x)).Should().BeTrue();
        Seen(() => model.Encode(x)).Should().BeFalse();
    }

    [Fact]
    public void Examples_of_several_batches_keep_their_codes_also_with_a_network_that_changes_nothing()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { CodeSize = 6 }, new Flat(), null);
        var x = Examples.Correlated(2_500, 6);
        torch.tensor(model.FitDensity(Examples.Of(x)).Mixture.Mean(0)).allclose(x.mean([0]).to(torch.float64), 1e-4, 1e-5).Should().BeTrue();
    }

    [Fact]
    public void A_weight_that_the_users_networks_share_is_learned_once()
    {
        using var scope = torch.NewDisposeScope();
        var shared = torch.nn.Linear(6, 6);
        using var model = new Autoencoder(Small with { CodeSize = 6, Optimizer = new AdamOptions { LearningRate = 0.1 } }, shared, torch.nn.Sequential(shared));
        torch.Tensor weight = shared.parameters().First();
        float[] before = weight.Values();
        model.TrainStep(Examples.Batch(4, [6]));
        // Adam's first step is the learning rate; two of them would be twice as far.
        weight.Values().Zip(before, (a, b) => Math.Abs(a - b)).Should().OnlyContain(step => step < 0.1001f);
    }

    [Fact]
    public void Batches_and_codes_of_another_shape_are_named()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var step = () => model.TrainStep(torch.zeros(4, 7));
        step.Should().Throw<ArgumentException>().WithParameterName("batch").WithMessage("*[4, 7]*[examples, 6]*");
        var empty = () => model.Reconstruct(torch.zeros(0, 6));
        empty.Should().Throw<ArgumentException>().WithParameterName("examples");
        var codes = () => model.Decode(torch.zeros(4, 2));
        codes.Should().Throw<ArgumentException>().WithParameterName("codes");
        var source = () => model.FitDensity(Examples.Of(torch.zeros(4, 7)));
        source.Should().Throw<ArgumentException>().WithParameterName("examples").WithMessage("*[7]*[6]*");
        var nothing = () => model.FitAnomalyThreshold(new Nothing());
        nothing.Should().Throw<ArgumentException>().WithParameterName("examples").WithMessage("*no examples*");
    }

    [Theory]
    [InlineData(float.NaN, ReconstructionLoss.SquaredError, "*NaN or infinite*")]
    [InlineData(float.NegativeInfinity, ReconstructionLoss.Bernoulli, "*NaN or infinite*")]
    [InlineData(255f, ReconstructionLoss.Bernoulli, "*to 255*[0, 1]*")]
    public void Values_that_the_loss_has_no_place_for_are_named(float value, ReconstructionLoss loss, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { Loss = loss });
        float[] values = new float[24];
        values[13] = value;
        var step = () => model.TrainStep(torch.tensor(values).view(4, 6));
        step.Should().Throw<ArgumentException>().WithParameterName("batch").WithMessage(message);
    }

    [Fact]
    public void Settings_outside_their_range_are_rejected_with_value_and_name()
    {
        void Rejects(AutoencoderOptions options, string parameter)
        {
            var make = () => new Autoencoder(options);
            make.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
        }
        Rejects(Small with { CodeSize = 0 }, "CodeSize");
        Rejects(Small with { Hidden = [4, -1] }, "Hidden");
        Rejects(Small with { ExampleShape = [] }, "ExampleShape");
        Rejects(Small with { Activation = (Activation)77 }, "Activation");
        Rejects(Small with { Loss = (ReconstructionLoss)77 }, "Loss");
        Rejects(Small with { Loss = ReconstructionLoss.Bernoulli, OutputActivation = Activation.Sigmoid }, "OutputActivation");
        Rejects(Small with { Corruption = new GaussianCorruption { StandardDeviation = double.NaN } }, "StandardDeviation");
        Rejects(Small with { Corruption = new MaskingCorruption { Probability = 1 } }, "Probability");
        Rejects(Small with { Optimizer = new AdamOptions { LearningRate = -1 } }, "LearningRate");
    }

    [Fact]
    public void Settings_come_back_from_JSON_equal()
    {
        foreach (Corruption? corruption in new Corruption?[] { null, new GaussianCorruption { StandardDeviation = 0.2 }, new MaskingCorruption { Probability = 0.4 } })
        {
            var options = new AutoencoderOptions
            {
                ExampleShape = [1, 28, 28],
                Hidden = [300, 200],
                CodeSize = 7,
                Activation = Activation.Elu,
                CodeActivation = Activation.Tanh,
                Loss = ReconstructionLoss.Bernoulli,
                TiedWeights = true,
                Corruption = corruption,
                Initialization = Initialization.Glorot,
                Seed = ulong.MaxValue,
            };
            JsonSerializer.Deserialize<AutoencoderOptions>(JsonSerializer.Serialize(options)).Should().Be(options);
        }
    }

    [Fact]
    public void After_dispose_every_call_says_so_and_a_second_dispose_does_nothing()
    {
        using var scope = torch.NewDisposeScope();
        var model = new Autoencoder(Small);
        IExampleSource source = Examples.Of(Examples.Batch(4, [6]));
        model.FitDensity(source);
        model.Dispose();
        model.Dispose();
        Action[] uses =
        [
            () => model.TrainStep(torch.zeros(1, 6)), () => model.Encode(torch.zeros(1, 6)), () => model.Decode(torch.zeros(1, 3)),
            () => model.Sample(1, seed: 1), () => model.FitDensity(source), () => model.FitAnomalyThreshold(source), () => model.IsAnomaly(torch.zeros(1, 6)),
        ];
        foreach (var use in uses) use.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void A_model_made_in_a_dispose_scope_outlives_it()
    {
        Autoencoder model;
        using (torch.NewDisposeScope())
        {
            model = new Autoencoder(Small with { TiedWeights = true });
            model.FitDensity(Examples.Of(Examples.Batch(20, [6])));
        }
        using (model)
        using (torch.NewDisposeScope())
        {
            double.IsFinite(model.TrainStep(Examples.Batch(2, [6])).Loss).Should().BeTrue();
            model.Sample(2, seed: 1).shape.Should().Equal(2, 6);
        }
    }

    private sealed class ModeSeen() : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(ModeSeen))
    {
        public bool Seen { get; private set; }

        public override torch.Tensor forward(torch.Tensor input)
        {
            Seen = training;
            return input.alias();
        }
    }

    private sealed class Flat() : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Flat))
    {
        public override torch.Tensor forward(torch.Tensor input) => input.flatten(1);
    }

    private sealed class Nothing : IExampleSource
    {
        public int Count => 0;

        public IReadOnlyList<long> ExampleShape => [6];

        public void Gather(ReadOnlySpan<int> indices, Span<float> destination) { }
    }
}
