using GenModels.Data;
using GenModels.Networks;

namespace GenModels.Tests.Models;

/// <summary>Two hundred steps of models with convolutions, beside PyTorch's layers of the same names and shapes.</summary>
public class ConvolutionalParityTests
{
    private sealed record Reference(
        int Batch, double[][] Single, double[][] Double, Dictionary<string, string> Initial, Dictionary<string, string> Final);

    [Fact]
    public void A_VAE_gives_the_losses_and_weights_of_PyTorch()
    {
        using var vae = new Vae(new VaeOptions
        {
            ExampleShape = [1, 8, 8],
            Hidden = [20],
            LatentSize = 6,
            Convolutions = new() { Channels = [6, 8] },
            Seed = 7,
        });
        Check("convolutional_vae_parity.json.gz", vae, x => vae.TrainStep(x) is var m ? [m.Loss, m.Reconstruction, m.Kl] : []);
    }

    [Fact]
    public void A_DCGAN_gives_the_losses_and_weights_of_PyTorch()
    {
        ConvolutionalLayers convolutions = new() { Channels = [6, 8], BatchNorm = true };
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [1, 8, 8],
            NoiseSize = 4,
            Generator = new HiddenLayers { Widths = [], Convolutions = convolutions },
            Discriminator = new HiddenLayers { Widths = [], Activation = Activation.LeakyRelu, Convolutions = convolutions },
            Seed = 7,
        });
        Check("dcgan_parity.json.gz", gan, x => gan.TrainStep(x) is var m ? [m.DiscriminatorLoss, m.GeneratorLoss] : []);
    }

    private static void Check(string file, ITrainable model, Func<torch.Tensor, double[]> step)
    {
        var reference = ReferenceFile.Read<Reference>(file);
        using var scope = torch.NewDisposeScope();
        model.State.Keys.Should().BeEquivalentTo(reference.Final.Keys);
        model.Load(model.State.ToDictionary(s => s.Key, s => ReferenceFile.Tensor(reference.Initial[s.Key], s.Value.shape)));

        var digits = DataSets.Digits().Train.Reshape(1, 8, 8);
        // A loss is a sum of terms as large as the greatest loss, each rounded.
        double drift = 4 * Math.Pow(2, -24) * reference.Double[0].Max();
        for (int i = 0; i < reference.Double.Length; i++)
        {
            using var stepScope = torch.NewDisposeScope();
            double[] actual = step(Examples.InOrder(digits, i * reference.Batch, reference.Batch)), expected = reference.Double[i];
            // Two runs that round differently drift apart, all their losses together: about as far as PyTorch's single precision has from its double
            // precision by then.
            drift = Math.Max(drift, reference.Single[i].Zip(expected, (single, exact) => Math.Abs(single - exact)).Max());
            for (int loss = 0; loss < expected.Length; loss++) actual[loss].Should().BeApproximately(expected[loss], 4 * drift, "of step {0}", i);
        }
        foreach (var (name, tensor) in model.State)
            (tensor - ReferenceFile.Tensor(reference.Final[name], tensor.shape)).abs().max().item<float>().Should().BeLessThan(1e-3f, name);
    }
}
