using System.Text.Json;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;

namespace GenModels.Tests.Models;

public class VaeTests
{
    [Fact]
    public void What_is_frozen_before_the_model_is_made_trains_when_it_is_thawed()
    {
        using var scope = torch.NewDisposeScope();
        var trunk = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh());
        foreach (var parameter in trunk.parameters()) parameter.requires_grad = false;
        using var vae = new Vae(Small, trunk, null);
        var weight = vae.State["encoder.trunk.0.weight"];
        float[] before = weight.Values();
        for (ulong step = 0; step < 2; step++) vae.TrainStep(Examples.Batch(8, [6], step));
        weight.Values().Should().Equal(before);

        weight.requires_grad = true;
        vae.TrainStep(Examples.Batch(8, [6]));
        weight.Values().Should().NotEqual(before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_learned_variance_that_is_frozen_stays_where_it_is(int samples)
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { Likelihood = new GaussianLikelihood { Learned = true }, ImportanceSamples = samples, Optimizer = new AdamOptions { WeightDecay = 0.1 } });
        var variance = vae.State["likelihood.log_variance"];
        vae.TrainStep(Examples.Batch(8, [6]));
        variance.requires_grad = false;
        float[] before = variance.Values();
        for (ulong step = 0; step < 2; step++) vae.TrainStep(Examples.Batch(8, [6], step));
        variance.Values().Should().Equal(before);
        variance.requires_grad = true;
        vae.TrainStep(Examples.Batch(8, [6]));
        variance.Values().Should().NotEqual(before);
    }

    [Theory]
    [InlineData(EncoderLayout.SeparateNetworks, Activation.Relu)]
    [InlineData(EncoderLayout.SharedTrunk, Activation.Elu)]
    public void Networks_that_kernels_do_not_run_train_where_the_caller_records_no_gradients(EncoderLayout layout, Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { Encoder = layout, Activation = activation });
        var before = vae.State.ToDictionary(s => s.Key, s => s.Value.Values());
        using (torch.no_grad()) vae.TrainStep(Examples.Batch(8, [6]));
        foreach (var (name, weight) in vae.State) weight.Values().Should().NotEqual(before[name], name);
    }

    private static readonly VaeOptions Small = new() { ExampleShape = [6], Hidden = [5], LatentSize = 3, Seed = 4 };

    public static TheoryData<Likelihood, EncoderLayout> Variants => new()
    {
        { Likelihood.Bernoulli, EncoderLayout.SharedTrunk },
        { Likelihood.Bernoulli, EncoderLayout.SeparateNetworks },
        { new GaussianLikelihood { StandardDeviation = 0.3 }, EncoderLayout.SharedTrunk },
        { new GaussianLikelihood { StandardDeviation = 0.3, Learned = true }, EncoderLayout.SeparateNetworks },
    };

    [Theory, MemberData(nameof(Variants))]
    public void Every_parameter_has_the_gradient_of_the_objective(Likelihood likelihood, EncoderLayout layout)
    {
        var options = Small with
        {
            Activation = Activation.Tanh,
            Likelihood = likelihood,
            Encoder = layout,
            Beta = 0.7,
            Optimizer = Gradients.Optimizer,
        };
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(4, [6]);
        using var model = new Vae(options);
        var gradients = Gradients.OfStep(new Vae(options), model.State, x);
        double Objective()
        {
            var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
            return model.Evaluate(x, noise).Loss;
        }
        foreach (var (name, parameter) in model.State)
            for (long i = 0; i < parameter.numel(); i += 3)
            {
                double slope = Gradients.Slope(parameter, i, Objective);
                gradients[name][i].Should().BeApproximately(slope, 2e-3 * (1 + Math.Abs(slope)), "{0}[{1}]", name, i);
            }
    }

    [Fact]
    public void Metrics_are_the_terms_of_the_objective_in_nats_per_example()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { Beta = 3 });
        var x = Examples.Batch(5, [6]);
        var generator = new RandomGenerator(9);
        var metrics = vae.Evaluate(x, generator);

        using var posterior = vae.Encode(x);
        var again = new RandomGenerator(9);
        var probabilities = vae.Decode(posterior.Sample(again));
        double reconstruction = -(x * probabilities.log() + (1 - x) * (1 - probabilities).log()).sum().item<float>() / 5;
        metrics.Reconstruction.Should().BeApproximately(reconstruction, 1e-5 * reconstruction);
        metrics.Kl.Should().BeApproximately(posterior.KlToStandardNormal().mean().item<float>(), 1e-6);
        metrics.Loss.Should().Be(metrics.Reconstruction + 3 * metrics.Kl);
        metrics.Named.Should().Equal(("loss", metrics.Loss), ("reconstruction", metrics.Reconstruction), ("kl", metrics.Kl));
    }

    [Fact]
    public void Gaussian_reconstruction_is_minus_the_log_density()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { Likelihood = new GaussianLikelihood { StandardDeviation = 0.5 } });
        var x = Examples.Batch(5, [6]) * 4 - 2;
        var generator = new RandomGenerator(9);
        double actual = vae.Evaluate(x, generator).Reconstruction;

        using var posterior = vae.Encode(x);
        var again = new RandomGenerator(9);
        double squared = (x - vae.Decode(posterior.Sample(again))).square().sum().item<float>() / 5;
        double expected = 0.5 * squared / 0.25 + 6 * 0.5 * Math.Log(2 * Math.PI * 0.25);
        actual.Should().BeApproximately(expected, 1e-5 * Math.Abs(expected));
    }

    [Fact]
    public void Without_the_KL_term_the_codes_lose_their_spread_and_with_it_they_keep_it()
    {
        double Spread(double beta)
        {
            using var scope = torch.NewDisposeScope();
            using var vae = new Vae(new VaeOptions
            {
                ExampleShape = [12],
                Hidden = [16],
                LatentSize = 4,
                Beta = beta,
                Seed = 1,
                Likelihood = new GaussianLikelihood { StandardDeviation = 0.1 },
                Optimizer = new AdamOptions { LearningRate = 1e-2 },
            });
            Trainer.Fit(vae, Examples.Source(512, [12]), new FitOptions { Epochs = 30, BatchSize = 32 });
            var x = Examples.Batch(64, [12]);
            using var posterior = vae.Encode(x);
            return (posterior.LogVariance * 0.5).exp().mean().item<float>();
        }
        double without = Spread(0), with = Spread(1);
        without.Should().BeLessThan(0.25 * with);
    }

    [Fact]
    public void Two_thousand_steps_leave_live_tensors_and_memory_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { ExampleShape = [64], Hidden = [64] });
        var x = Examples.Batch(32, [64]);
        void Steps(int count)
        {
            for (int i = 0; i < count; i++) vae.TrainStep(x);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        // Long enough for the allocator's pools and the compiled code to have grown.
        Steps(1000);
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount, total = torch.Tensor.TotalCount, memory = Environment.WorkingSet;
        Steps(2000);

        DisposeScopeManager.Statistics.ThreadTotalLiveCount.Should().Be(live);
        torch.Tensor.TotalCount.Should().Be(total);
        // Leaking the weights' gradients alone would add 70 MB. Half of it leaves room for what the runtime of tests beside this one takes.
        long leak = 2000 * sizeof(float) * vae.State.Values.Sum(weight => weight.numel());
        (Environment.WorkingSet - memory).Should().BeLessThan(leak / 2);
    }

    [Fact]
    public void Networks_of_the_user_are_trained_and_their_shapes_checked()
    {
        using var scope = torch.NewDisposeScope();
        var options = Small with { ExampleShape = [2, 3] };
        using var vae = new Vae(
            options,
            torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 7), torch.nn.ReLU()),
            torch.nn.Sequential(torch.nn.Linear(3, 6)));
        var before = vae.State.ToDictionary(s => s.Key, s => s.Value.detach().clone());
        vae.TrainStep(Examples.Batch(4, [2, 3]));

        vae.State.Keys.Should().Contain(["encoder.trunk.1.weight", "encoder.heads.weight", "decoder.0.bias"]);
        foreach (var (name, tensor) in vae.State) tensor.allclose(before[name]).Should().BeFalse(name);
        vae.Reconstruct(Examples.Batch(4, [2, 3])).shape.Should().Equal(4, 2, 3);

        var narrow = () => new Vae(options, null, torch.nn.Linear(3, 5));
        narrow.Should().Throw<ArgumentException>().WithMessage("*expected 6 values*").WithParameterName("decoder");
        var flat = () => new Vae(options, new KeepsADimension(), null);
        flat.Should().Throw<ArgumentException>().WithMessage("*end it with a Flatten*").WithParameterName("encoder");
        var failing = () => new Vae(options, torch.nn.Linear(4, 5), null);
        failing.Should().Throw<ArgumentException>().WithMessage("*fails on an input of the shape*").WithParameterName("encoder");
    }

    [Fact]
    public void Observations_of_a_Gaussian_spread_around_their_mean_by_the_learned_deviation()
    {
        const int n = 20_000;
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small with { Likelihood = new GaussianLikelihood { StandardDeviation = 0.3, Learned = true } });
        using var noGrad = torch.no_grad();
        // As if 0.7 had been learned.
        using (torch.no_grad()) vae.State["likelihood.log_variance"].fill_((float)(2 * Math.Log(0.7)));
        torch.Tensor mean = vae.Sample(n, seed: 1).to(torch.float64), drawn = vae.SampleObservations(n, seed: 1).to(torch.float64);
        drawn.shape.Should().Equal(n, 6);
        double Variance(torch.Tensor x) => (x - x.mean([0])).square().mean().item<double>();
        // 120,000 squares of normal noise; the means are of other codes than the observations, both drawn of the same prior, and they vary
        // far less than the noise.
        double noise = Variance(drawn) - Variance(mean), expected = 0.7 * 0.7;
        Variance(mean).Should().BeLessThan(expected / 4);
        noise.Should().BeApproximately(expected, 6 * (expected + Variance(mean)) * Math.Sqrt(2.0 / n));
        (drawn.mean([0]) - mean.mean([0])).abs().max().item<double>().Should().BeLessThan(6 * Math.Sqrt(2 * (expected + Variance(mean)) / n));
    }

    [Fact]
    public void Observations_of_a_Bernoulli_are_zeros_and_ones_with_the_probabilities_that_samples_are()
    {
        const int n = 20_000;
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small);
        torch.Tensor probabilities = vae.Sample(n, seed: 1), drawn = vae.SampleObservations(n, seed: 1);
        drawn.Values().Should().OnlyContain(v => v == 0 || v == 1);
        // Two means of 20,000 values, none of which varies more than a coin.
        (drawn.mean([0]) - probabilities.mean([0])).abs().max().item<float>().Should().BeLessThan((float)(6 * Math.Sqrt(2 * 0.25 / n)));
        drawn.Values().Should().Equal(vae.SampleObservations(n, seed: 1).Values());
        drawn.Values().Should().NotEqual(vae.SampleObservations(n, seed: 2).Values());
    }

    [Fact]
    public void Observations_have_the_shape_of_an_example_and_leave_no_tensor()
    {
        using var vae = new Vae(Small with { ExampleShape = [2, 3] });
        using (var first = vae.SampleObservations(5, seed: 1)) first.shape.Should().Equal(5, 2, 3);
        long live = torch.Tensor.TotalCount;
        vae.SampleObservations(5_000, seed: 1).Dispose();
        torch.Tensor.TotalCount.Should().Be(live);
        var none = () => vae.SampleObservations(0, seed: 1);
        none.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("count");
    }

    [Fact]
    public void Metrics_print_their_figures()
    {
        $"{new VaeMetrics(98.2134, 73.0211, 25.1923)}".Should().Be("loss 98.21, reconstruction 73.02, kl 25.19");
        $"{new VaeMetrics(12345.6, 0.000123456, double.NaN)}".Should().Be("loss 12346, reconstruction 0.0001235, kl NaN");
    }

    [Fact]
    public void A_batch_of_the_wrong_width_is_named()
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small);
        var step = () => vae.TrainStep(torch.zeros(4, 7));
        step.Should().Throw<ArgumentException>().WithParameterName("batch").WithMessage("*[4, 7]*[examples, 6]*");
        var empty = () => vae.TrainStep(torch.zeros(0, 6));
        empty.Should().Throw<ArgumentException>().WithParameterName("batch");
        var codes = () => vae.Decode(torch.zeros(4, 2));
        codes.Should().Throw<ArgumentException>().WithParameterName("codes");
    }

    [Theory]
    [InlineData(float.NaN, "*NaN or infinite*")]
    [InlineData(float.PositiveInfinity, "*NaN or infinite*")]
    [InlineData(-0.5f, "*-0.5 to*[0, 1]*Bernoulli*")]
    [InlineData(255f, "*to 255*[0, 1]*Bernoulli*")]
    public void Values_that_the_likelihood_has_no_place_for_are_named(float value, string message)
    {
        using var scope = torch.NewDisposeScope();
        using var vae = new Vae(Small);
        float[] values = new float[24];
        values[13] = value;
        var step = () => vae.TrainStep(torch.tensor(values).view(4, 6));
        step.Should().Throw<ArgumentException>().WithParameterName("batch").WithMessage(message);
    }

    [Fact]
    public void Settings_outside_their_range_are_rejected_with_value_and_name()
    {
        void Rejects(VaeOptions options, string parameter)
        {
            var make = () => new Vae(options);
            make.Should().Throw<ArgumentException>().Which.ParamName.Should().Be(parameter);
        }
        Rejects(Small with { LatentSize = 0 }, "LatentSize");
        Rejects(Small with { Hidden = [4, -1] }, "Hidden");
        Rejects(Small with { Beta = double.NaN }, "Beta");
        Rejects(Small with { Beta = -1 }, "Beta");
        Rejects(Small with { ExampleShape = [] }, "ExampleShape");
        Rejects(Small with { ExampleShape = [0] }, "ExampleShape");
        Rejects(Small with { Activation = (Activation)77 }, "Activation");
        Rejects(Small with { Likelihood = new GaussianLikelihood { StandardDeviation = 0 } }, "StandardDeviation");
        Rejects(Small with { Optimizer = new AdamOptions { LearningRate = -1 } }, "LearningRate");
    }

    [Theory, MemberData(nameof(Variants))]
    public void Settings_come_back_from_JSON_equal(Likelihood likelihood, EncoderLayout layout)
    {
        var options = new VaeOptions
        {
            ExampleShape = [1, 28, 28],
            Hidden = [300, 200],
            LatentSize = 7,
            Activation = Activation.Elu,
            Encoder = layout,
            Likelihood = likelihood,
            Beta = 0.5,
            Initialization = Initialization.Glorot,
            Seed = ulong.MaxValue,
            Optimizer = new AdamOptions { Epsilon = 1e-4 },
        };
        JsonSerializer.Deserialize<VaeOptions>(JsonSerializer.Serialize(options)).Should().Be(options);
        options.Should().NotBe(options with { Hidden = [300, 201] });
    }

    private sealed class KeepsADimension() : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(KeepsADimension))
    {
        public override torch.Tensor forward(torch.Tensor input) => input.unsqueeze(1);
    }
}
