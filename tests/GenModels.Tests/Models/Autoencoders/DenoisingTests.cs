using GenModels.Networks;

namespace GenModels.Tests.Models;

public class DenoisingTests
{
    private static readonly AutoencoderOptions Small = new() { ExampleShape = [6], Hidden = [5], CodeSize = 3, Seed = 4, Activation = Activation.Tanh };

    [Fact]
    public void Masking_sets_a_share_of_the_values_to_zero_and_leaves_the_others()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        var x = torch.ones(200, 500);
        var corrupted = new MaskingCorruption { Probability = 0.3 }.Apply(x, generator);

        corrupted.Values().Should().OnlyContain(v => v == 0 || v == 1);
        // The share of 100,000 draws has a standard error of √(0.3·0.7/100,000).
        (1.0 - corrupted.mean().item<float>()).Should().BeApproximately(0.3, 4 * Math.Sqrt(0.21 / 100_000));
        x.min().item<float>().Should().Be(1, "the caller's batch stays");
    }

    [Fact]
    public void Gaussian_corruption_adds_noise_of_its_standard_deviation()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(2);
        var x = Examples.Batch(200, [500]);
        var noise = (new GaussianCorruption { StandardDeviation = 0.2 }.Apply(x, generator) - x).to(torch.float64);

        noise.mean().item<double>().Should().BeApproximately(0, 4 * 0.2 / Math.Sqrt(100_000));
        Math.Sqrt(noise.square().mean().item<double>()).Should().BeApproximately(0.2, 4 * 0.2 / Math.Sqrt(200_000));
    }

    public static TheoryData<Corruption> Corruptions => [new MaskingCorruption { Probability = 0.5 }, new GaussianCorruption { StandardDeviation = 1 }];

    [Theory, MemberData(nameof(Corruptions))]
    public void The_input_is_corrupted_in_training_and_nowhere_else(Corruption corruption)
    {
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(16, [6]);
        using var denoising = new Autoencoder(Small with { Corruption = corruption });
        using var plain = new Autoencoder(Small);

        denoising.Evaluate(x).Loss.Should().Be(plain.Evaluate(x).Loss);
        denoising.Encode(x).Values().Should().Equal(plain.Encode(x).Values());
        denoising.Reconstruct(x).Values().Should().Equal(plain.Reconstruct(x).Values());
        denoising.TrainStep(x).Loss.Should().NotBe(plain.TrainStep(x).Loss);
    }

    [Theory, MemberData(nameof(Corruptions))]
    public void The_step_follows_the_gradient_of_the_error_between_the_intact_example_and_what_the_corrupted_one_gives(Corruption corruption)
    {
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(16, [6]);
        var options = Small with { Corruption = corruption };
        using var model = new Autoencoder(options);
        var gradients = Gradients.OfStep(new Autoencoder(options with { Optimizer = Gradients.Optimizer }), model.State, x);
        var noise = RandomGenerator.For(options.Seed, RandomStreams.Noise);
        var corrupted = corruption.Apply(x, noise);
        double Objective()
        {
            using var inner = torch.NewDisposeScope();
            return (model.Reconstruct(corrupted) - x).to(torch.float64).square().sum().item<double>() / 16;
        }
        foreach (var (name, parameter) in model.State)
            for (long i = 0; i < parameter.numel(); i += 3)
            {
                double slope = Gradients.Slope(parameter, i, Objective);
                gradients[name][i].Should().BeApproximately(slope, 2e-3 * (1 + Math.Abs(slope)), "{0}[{1}]", name, i);
            }
    }

    [Fact]
    public void Noisy_examples_are_encoded_and_reconstructed_though_the_Bernoulli_loss_compares_with_values_from_0_to_1_alone()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        var corruption = new GaussianCorruption { StandardDeviation = 0.5 };
        using var model = new Autoencoder(Small with { Loss = ReconstructionLoss.Bernoulli, Corruption = corruption });
        var clean = Examples.Batch(32, [6]);
        var noisy = corruption.Apply(clean, generator);
        noisy.min().item<float>().Should().BeNegative();
        model.TrainStep(clean);

        model.Encode(noisy).shape.Should().Equal(32, 3);
        model.Reconstruct(noisy).Values().Should().OnlyContain(v => v >= 0 && v <= 1);
        foreach (Action compare in new Action[] { () => model.TrainStep(noisy), () => model.Evaluate(noisy), () => model.ReconstructionError(noisy) })
            compare.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*expected [0, 1]*");
        foreach (Action encode in new Action[] { () => model.Encode(noisy / 0f), () => model.Reconstruct(noisy / 0f) })
            encode.Should().Throw<ArgumentException>().WithMessage("*NaN or infinite*").WithParameterName("examples");
    }
}
