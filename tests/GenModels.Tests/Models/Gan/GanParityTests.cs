using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanParityTests
{
    private sealed record Reference(
        ulong DataSeed, int Batch, double[][] Losses, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    [Fact]
    public void Two_hundred_steps_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("gan_parity.json.gz");
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [9],
            NoiseSize = 4,
            Generator = new HiddenLayers { Widths = [24, 20] },
            Discriminator = new HiddenLayers { Widths = [24, 20], Activation = Activation.LeakyRelu },
            GeneratorOptimizer = new AdamOptions { LearningRate = 1e-3, Beta1 = 0.5 },
            DiscriminatorOptimizer = new AdamOptions { LearningRate = 5e-4, Beta1 = 0.5 },
            Seed = 7,
        });
        using var scope = torch.NewDisposeScope();
        var data = new RandomGenerator(reference.DataSeed);
        gan.State.Keys.Should().BeEquivalentTo(reference.Final.Keys);
        gan.Load(gan.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));

        for (int step = 0; step < reference.Losses.Length; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            var x = data.Uniform([reference.Batch, 9]) * data.Uniform([reference.Batch, 1]);
            var metrics = gan.TrainStep(x);
            double[] expected = reference.Losses[step];
            metrics.DiscriminatorLoss.Should().BeApproximately(expected[0], 1e-4 * expected[0], "of step {0}", step);
            metrics.GeneratorLoss.Should().BeApproximately(expected[1], 1e-4 * expected[1], "of step {0}", step);
        }
        foreach (var (name, tensor) in gan.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }
}
