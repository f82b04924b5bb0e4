using GenModels.Data;
using GenModels.Networks;

namespace GenModels.Tests.Models;

public class AutoencoderParityTests
{
    private static readonly AutoencoderOptions Settings = new() { ExampleShape = [64], Hidden = [32], CodeSize = 8, Seed = 7 };

    private sealed record Run(double[] Losses, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    private sealed record Reference(int Batch, Run Plain, Run Tied);

    [Fact]
    public void Two_hundred_denoising_steps_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("autoencoder_parity.json.gz");
        ShouldRunAs(
            reference.Plain, reference.Batch,
            Settings with { OutputActivation = Activation.Sigmoid, Corruption = new MaskingCorruption { Probability = 0.3 } });
    }

    [Fact]
    public void Two_hundred_steps_with_tied_weights_give_the_losses_and_weights_of_PyTorch()
    {
        var reference = ReferenceFile.Read<Reference>("autoencoder_parity.json.gz");
        ShouldRunAs(
            reference.Tied, reference.Batch,
            Settings with { TiedWeights = true, Loss = ReconstructionLoss.Bernoulli, Activation = Activation.Tanh, CodeActivation = Activation.Tanh });
    }

    private static void ShouldRunAs(Run reference, int batch, AutoencoderOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(options);
        model.State.Keys.Should().BeEquivalentTo(reference.Final.Keys);
        model.Load(model.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));

        var digits = DataSets.Digits().Train;
        for (int step = 0; step < reference.Losses.Length; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            double expected = reference.Losses[step];
            model.TrainStep(Examples.InOrder(digits, step * batch, batch)).Loss.Should().BeApproximately(expected, 1e-4 * expected, "of step {0}", step);
        }
        foreach (var (name, tensor) in model.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }
}
