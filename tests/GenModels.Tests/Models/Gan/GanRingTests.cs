using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanRingTests
{
    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void R1_finds_all_eight_modes_of_the_ring()
    {
        const int steps = 2500;
        var adam = new AdamOptions { LearningRate = 1e-3, Beta1 = 0.5, Schedule = ExponentialSchedule.To(1.0 / 3, steps) };
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [2],
            NoiseSize = 16,
            OutputActivation = Activation.Identity,
            Generator = new HiddenLayers { Widths = [128, 128] },
            Discriminator = new HiddenLayers { Widths = [128, 128], Activation = Activation.LeakyRelu },
            R1 = 0.1,
            GeneratorOptimizer = adam,
            DiscriminatorOptimizer = adam,
        });
        var ring = GaussianMixture2D.Ring();
        var points = ring.Sample(25_600, seed: 100);
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(Examples.InOrder(points, step * 256, 256));
        }
        using var scope = torch.NewDisposeScope();
        var coverage = ModeCoverage.Of(gan.Sample(2500, seed: 100), ring);
        coverage.Covered.Should().Be(8);
        // Samples spread evenly along the circle would be good in 8·0.06/2π = 8 % of cases.
        coverage.HighQuality.Should().BeGreaterThan(1.0 / 8);
        gan.Health.Diversity.Should().BeGreaterThan(0.9);
    }
}
