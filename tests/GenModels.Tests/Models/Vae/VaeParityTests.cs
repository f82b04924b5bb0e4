using GenModels.Data;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class VaeParityTests
{
    private sealed record Reference(
        int Batch, double[][] Losses, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    [Fact]
    public void Two_hundred_steps_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("vae_parity.json.gz");
        using var vae = new Vae(new VaeOptions
        {
            ExampleShape = [64],
            Hidden = [32],
            LatentSize = 8,
            Seed = 7,
            Optimizer = new AdamOptions { LearningRate = 1e-3 },
        });
        using var scope = torch.NewDisposeScope();
        vae.Load(vae.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));

        var digits = DataSets.Digits().Train;
        for (int step = 0; step < reference.Losses.Length; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            var metrics = vae.TrainStep(Examples.InOrder(digits, step * reference.Batch, reference.Batch));
            double[] expected = reference.Losses[step];
            double[] actual = [metrics.Loss, metrics.Reconstruction, metrics.Kl];
            for (int i = 0; i < 3; i++) actual[i].Should().BeApproximately(expected[i], 1e-4 * expected[i], "of step {0}", step);
        }
        vae.State.Keys.Should().BeEquivalentTo(reference.Final.Keys);
        foreach (var (name, tensor) in vae.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }
}
