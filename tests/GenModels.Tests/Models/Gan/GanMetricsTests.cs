using GenModels.Networks;
using GenModels.Training;

namespace GenModels.Tests.Models;

public class GanMetricsTests
{
    private static readonly string[] Losses = ["loss", "discriminator_loss", "generator_loss", "penalty"];
    private static readonly string[] Accuracies = ["accuracy_real", "accuracy_generated"];
    private static readonly string[] Means = ["mean_real", "mean_generated"];

    public static TheoryData<GanObjective, string[]> Figures => new()
    {
        { GanObjective.Saturating, ["value", "js", .. Means, .. Accuracies] },
        { GanObjective.NonSaturating, ["value", "js", .. Means, .. Accuracies] },
        { GanObjective.LeastSquares, [.. Means, .. Accuracies] },
        { GanObjective.Hinge, Accuracies },
        { GanObjective.Wasserstein, ["wasserstein"] },
    };

    [Theory, MemberData(nameof(Figures))]
    public void A_run_has_the_figures_that_mean_something_under_its_objective(GanObjective objective, string[] figures)
    {
        using var folder = new TemporaryFolder();
        using var gan = new Gan(Small(objective));
        var history = Trainer.Fit(
            gan, Examples.Source(64, [2]), new FitOptions { Epochs = 2, BatchSize = 32 }, Examples.Source(32, [2], seed: 2),
            checkpoints: new CheckpointOptions { Folder = folder.Path });
        string[] trained = [.. Losses, .. figures, "discriminator_gradient", "generator_gradient"], tested = [.. Losses, .. figures];
        history.Last.Train.Keys.Should().Equal(trained);
        history.Last.Test.Keys.Should().Equal(tested);
        File.ReadLines(folder["history.csv"]).First().Should().Be(
            string.Join(',', ["epoch", .. trained.Select(n => $"train.{n}"), .. tested.Select(n => $"test.{n}"), "seconds", "examplesPerSecond"]));
    }

    [Fact]
    public void The_Wasserstein_figure_is_the_distance_where_the_discriminator_is_the_optimal_one()
    {
        // p_data lies 3 to the right of p_g, so W₁ = 3, and l(x) = x is an optimal function of slope 1.
        using var scope = torch.NewDisposeScope();
        using var gan = new Gan(Small(GanObjective.Wasserstein) with { ExampleShape = [1] }, new FirstPlus(-3), new FirstPlus(0));
        var generator = new RandomGenerator(1);
        var metrics = gan.Evaluate(generator.Normal([100_000, 1]), generator);
        // Two means of 100,000 draws of variance 1.
        metrics.Wasserstein.Should().BeApproximately(3, 5 * Math.Sqrt(2.0 / 100_000));
        metrics.Wasserstein.Should().Be(-metrics.DiscriminatorLoss);
        metrics.Penalty.Should().BeApproximately(0, 1e-6);
        $"{metrics}".Should().MatchRegex(@"^loss -[\d.]+, discriminator_loss -[\d.]+, generator_loss [\d.]+, penalty [^,]+, wasserstein [\d.]+$");
    }

    [Fact]
    public void Least_squares_means_are_held_within_0_and_1_and_accuracies_are_about_one_half()
    {
        var judged = Judgement.Of(GanObjective.LeastSquares, [-1, 0.25f, 0.5f, 3]);
        judged.Should().Be(new Judgement(1.75 / 4, null, null, 0.25, 0.5));
    }

    private static GanOptions Small(GanObjective objective) => new()
    {
        ExampleShape = [2],
        NoiseSize = 2,
        Objective = objective,
        OutputActivation = Activation.Identity,
        Generator = new HiddenLayers { Widths = [4] },
        Discriminator = new HiddenLayers { Widths = [4], Activation = Activation.LeakyRelu },
    };

    private sealed class FirstPlus(double shift) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(FirstPlus))
    {
        public override torch.Tensor forward(torch.Tensor input) => input.narrow(1, 0, 1) + shift;
    }
}
