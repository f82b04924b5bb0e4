using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class GanParityTests
{
    private sealed record Reference(
        ulong NoiseSeed, ulong DataSeed, int Batch, double[][] Losses, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    [Fact]
    public void Two_hundred_steps_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("gan_parity.json.gz");
        RandomStreams.Derive(7, RandomStreams.Noise).Should().Be(reference.NoiseSeed);
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
        using var data = new torch.Generator(reference.DataSeed);
        gan.State.Keys.Should().BeEquivalentTo(reference.Final.Keys);
        gan.Load(gan.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));

        for (int step = 0; step < reference.Losses.Length; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            var x = torch.rand(reference.Batch, 9, generator: data) * torch.rand(reference.Batch, 1, generator: data);
            var metrics = gan.TrainStep(x);
            double[] expected = reference.Losses[step];
            metrics.DiscriminatorLoss.Should().BeApproximately(expected[0], 1e-4 * expected[0], "of step {0}", step);
            metrics.GeneratorLoss.Should().BeApproximately(expected[1], 1e-4 * expected[1], "of step {0}", step);
        }
        foreach (var (name, tensor) in gan.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }
}
