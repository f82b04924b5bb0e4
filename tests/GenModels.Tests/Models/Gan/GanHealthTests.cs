using System.Text.Json;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanHealthTests
{
    private static readonly GanOptions Small = new()
    {
        ExampleShape = [2],
        NoiseSize = 2,
        OutputActivation = Activation.Identity,
        Generator = new HiddenLayers { Widths = [8] },
        Discriminator = new HiddenLayers { Widths = [16], Activation = Activation.LeakyRelu },
        Seed = 1,
    };

    [Fact]
    public void Nothing_is_called_wrong_before_there_are_steps_to_judge()
    {
        using var gan = new Gan(Small);
        gan.Health.Steps.Should().Be(0);
        gan.Health.Faults.Should().BeEmpty();
        gan.Health.ToString().Should().Contain("too few");
    }

    [Fact]
    public void A_discriminator_that_wins_is_named()
    {
        // The generator hardly moves, far from the data.
        var slow = new SgdOptions { LearningRate = 1e-6 };
        var health = Train(Small with { GeneratorOptimizer = slow, DiscriminatorOptimizer = new AdamOptions { LearningRate = 1e-2 } }, shift: 20);
        health.Faults.Should().Contain(GanFault.DiscriminatorWins);
        health.AccuracyReal.Should().BeGreaterThan(0.98);
        health.Messages[0].Should().Contain("discriminator wins").And.Contain("Lower the discriminator's learning rate");
    }

    [Fact]
    public void A_discriminator_that_lags_behind_is_named()
    {
        // Its steps are so small that the generator runs away from it to where it takes everything for real.
        var slow = new SgdOptions { LearningRate = 1e-6 };
        var health = Train(Small with { DiscriminatorOptimizer = slow, GeneratorOptimizer = new AdamOptions { LearningRate = 0.05 } }, shift: 0);
        health.Faults.Should().Contain(GanFault.DiscriminatorLags);
        health.Value.Should().BeLessThan(-Math.Log(4) - 0.1);
        health.ToString().Should().Contain("lags behind");
    }

    [Theory]
    [InlineData(GanObjective.Saturating, true)]
    [InlineData(GanObjective.LeastSquares, true)]
    [InlineData(GanObjective.Hinge, true)]
    [InlineData(GanObjective.Wasserstein, false)]
    public void Winning_and_lagging_are_named_where_the_objective_shows_them(GanObjective objective, bool shown)
    {
        var (slow, fast) = (new SgdOptions { LearningRate = 1e-6 }, new AdamOptions { LearningRate = 1e-2 });
        var options = Small with { Objective = objective };
        var winning = Train(options with { GeneratorOptimizer = slow, DiscriminatorOptimizer = fast }, shift: 20);
        winning.Faults.Contains(GanFault.DiscriminatorWins).Should().Be(shown);
        winning.Faults.Should().NotContain(GanFault.DiscriminatorLags);
        var lagging = Train(options with { GeneratorOptimizer = fast with { LearningRate = 0.05 }, DiscriminatorOptimizer = slow }, shift: 0);
        lagging.Faults.Contains(GanFault.DiscriminatorLags).Should().Be(shown);
        lagging.Faults.Should().NotContain(GanFault.DiscriminatorWins);
    }

    [Theory]
    [InlineData(GanObjective.NonSaturating, true, true, true, false)]
    [InlineData(GanObjective.LeastSquares, false, true, true, false)]
    [InlineData(GanObjective.Hinge, false, false, true, false)]
    [InlineData(GanObjective.Wasserstein, false, false, false, true)]
    public void A_reading_has_the_figures_that_the_objective_gives(GanObjective objective, bool value, bool probabilities, bool accuracies, bool distance)
    {
        var health = Train(Small with { Objective = objective }, shift: 0);
        health.Value.HasValue.Should().Be(value);
        (health.MeanReal.HasValue, health.MeanGenerated.HasValue).Should().Be((probabilities, probabilities));
        (health.AccuracyReal.HasValue, health.AccuracyGenerated.HasValue).Should().Be((accuracies, accuracies));
        health.Wasserstein.HasValue.Should().Be(distance);
        health.DiscriminatorLoss.Should().NotBeNull();
        JsonSerializer.Deserialize<GanHealth>(JsonSerializer.Serialize(health)).Should().Be(health);
    }

    [Fact]
    public void A_discriminator_that_answers_all_alike_is_named()
    {
        using var constant = new Constant();
        var health = Train(Small, shift: 0, discriminator: constant);
        health.Faults.Should().Contain(GanFault.GeneratorIgnored);
        health.LogitSpread.Should().Be(0);
        health.ToString().Should().Contain("no signal");
    }

    [Fact]
    public void Samples_without_diversity_are_named()
    {
        // A generator that does not see its noise gives the same sample always; one that spreads a tenth gives a diversity of a tenth.
        Train(Small, shift: 0, generator: new Scaled(0)).Faults.Should().Contain(GanFault.DiversityLost);
        var narrow = Train(Small, shift: 0, generator: new Scaled(0.1));
        narrow.Faults.Should().Contain(GanFault.DiversityLost);
        narrow.Diversity.Should().BeApproximately(0.1, 0.01);
        narrow.ToString().Should().Contain("lost diversity").And.Contain("packing");
        Train(Small, shift: 0, generator: new Scaled(3)).Diversity.Should().Be(1);
    }

    [Fact]
    public void Networks_that_keep_up_are_healthy()
    {
        var health = Train(Small, shift: 0, generator: new Scaled(1));
        health.Faults.Should().NotContain([GanFault.DiscriminatorWins, GanFault.DiscriminatorLags, GanFault.DiversityLost]);
        health.Steps.Should().Be(200);
        JsonSerializer.Deserialize<GanHealth>(JsonSerializer.Serialize(health)).Should().Be(health);
    }

    private static GanHealth Train(
        GanOptions options, double shift, torch.nn.Module<torch.Tensor, torch.Tensor>? generator = null,
        torch.nn.Module<torch.Tensor, torch.Tensor>? discriminator = null)
    {
        using var gan = new Gan(options, generator, discriminator);
        var stream = new RandomGenerator(1);
        for (int step = 0; step < 200; step++)
        {
            using var scope = torch.NewDisposeScope();
            gan.TrainStep(stream.Normal([64, 2]) + shift);
        }
        return gan.Health;
    }

    private sealed class Scaled(double scale) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Scaled))
    {
        public override torch.Tensor forward(torch.Tensor input) => input * scale;
    }

    private sealed class Constant : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _value = new(torch.zeros(1, 1));

        public Constant() : base(nameof(Constant)) => register_parameter("value", _value);

        public override torch.Tensor forward(torch.Tensor input) => _value.expand(input.shape[0], 1);
    }
}
