using GenModels.Networks;

namespace GenModels.Tests.Models;

public class TiedWeightsTests
{
    private static readonly AutoencoderOptions Tied = new()
    {
        ExampleShape = [6],
        Hidden = [5, 4],
        CodeSize = 3,
        Seed = 4,
        Activation = Activation.Tanh,
        TiedWeights = true,
    };

    [Fact]
    public void Tied_layers_have_half_the_weights_and_all_the_biases()
    {
        using var tied = new Autoencoder(Tied);
        using var plain = new Autoencoder(Tied with { TiedWeights = false });
        long Parameters(Autoencoder model) => model.State.Values.Sum(t => t.numel());

        tied.State.Keys.Should().Equal(
            "encoder.0.weight", "encoder.0.bias", "encoder.1.weight", "encoder.1.bias", "encoder.2.weight", "encoder.2.bias",
            "decoder.0.bias", "decoder.1.bias", "decoder.2.bias");
        const int weights = 6 * 5 + 5 * 4 + 4 * 3, biases = 5 + 4 + 3 + 4 + 5 + 6;
        Parameters(tied).Should().Be(weights + biases);
        Parameters(plain).Should().Be(2 * weights + biases);
    }

    [Fact]
    public void Weights_are_still_tied_after_a_move()
    {
        // A move to another type replaces the parameters just as one to another device does.
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        using var encoder = new Mlp(6, [5], 3, Activation.Tanh, Activation.Identity, Initialization.Default, generator);
        using var decoder = new TiedDecoder(encoder, Activation.Identity);
        encoder.to(torch.float64);
        decoder.to(torch.float64);

        var code = generator.Normal([4, 3]).to(torch.float64);
        var weights = encoder.Layers.Select(layer => layer.Weight).ToArray();
        weights.Select(w => w.dtype).Should().OnlyContain(type => type == torch.float64);
        var expected = code.matmul(weights[1]).tanh().matmul(weights[0]);
        decoder.call(code).allclose(expected, 1e-12, 1e-12).Should().BeTrue("the decoder's biases start at 0");
        using (torch.no_grad()) weights[0].mul_(2.0);
        decoder.call(code).allclose(expected * 2.0, 1e-12, 1e-12).Should().BeTrue();
    }

    [Theory]
    [InlineData(ReconstructionLoss.SquaredError)]
    [InlineData(ReconstructionLoss.Bernoulli)]
    public void The_gradients_of_both_uses_of_a_weight_add(ReconstructionLoss loss)
    {
        using var scope = torch.NewDisposeScope();
        var x = Examples.Batch(8, [6]);
        using var model = new Autoencoder(Tied with { Loss = loss });
        var tied = Gradients.OfStep(new Autoencoder(Tied with { Loss = loss, Optimizer = Gradients.Optimizer }), model.State, x);
        // The same function with a copy of each weight for the second use.
        var untied = model.State.ToDictionary(s => s.Key, s => s.Value);
        for (int i = 0; i < 3; i++) untied[$"decoder.{i}.weight"] = model.State[$"encoder.{2 - i}.weight"].detach().t();
        var plain = Gradients.OfStep(new Autoencoder(Tied with { Loss = loss, TiedWeights = false, Optimizer = Gradients.Optimizer }), untied, x);

        for (int i = 0; i < 3; i++)
        {
            var weight = model.State[$"encoder.{i}.weight"];
            double[] second = torch.tensor(plain[$"decoder.{2 - i}.weight"], weight.shape.Reverse().ToArray()).t().contiguous().data<double>().ToArray();
            double[] sum = [.. plain[$"encoder.{i}.weight"].Zip(second, (a, b) => a + b)];
            // Weights near 1 in single precision move by steps of 6e−8; the step is as large as the gradient.
            tied[$"encoder.{i}.weight"].Should().Equal(sum, (a, b) => Math.Abs(a - b) < 1e-5);
            sum.Zip(plain[$"encoder.{i}.weight"], (a, b) => Math.Abs(a - b)).Max().Should().BeGreaterThan(1e-3, "both uses have a part");
        }
    }

    [Fact]
    public void A_change_of_the_encoders_weight_is_a_change_of_the_decoder()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Tied with { Hidden = [] });
        var codes = Examples.Batch(4, [3]);
        ShouldDecodeByTheEncodersWeight(model, codes);
        var before = model.Decode(codes);
        using (torch.no_grad()) model.State["encoder.0.weight"].mul_(2);
        model.Decode(codes).allclose(before).Should().BeFalse();
        ShouldDecodeByTheEncodersWeight(model, codes);
    }

    [Fact]
    public void Weights_are_still_tied_after_the_state_was_copied_and_trained_on()
    {
        using var scope = torch.NewDisposeScope();
        using var source = new Autoencoder(Tied with { Hidden = [] });
        using var copy = new Autoencoder(Tied with { Hidden = [], Seed = 99 });
        var x = Examples.Batch(4, [6]);
        source.TrainStep(x);
        copy.Load(source.State);
        copy.Reconstruct(x).allclose(source.Reconstruct(x), 0, 0).Should().BeTrue();
        for (int i = 0; i < 5; i++) copy.TrainStep(x);
        ShouldDecodeByTheEncodersWeight(copy, Examples.Batch(4, [3]));
    }

    private static void ShouldDecodeByTheEncodersWeight(Autoencoder model, torch.Tensor codes)
    {
        var expected = codes.matmul(model.State["encoder.0.weight"]) + model.State["decoder.0.bias"];
        model.Decode(codes).allclose(expected.detach(), 1e-5, 1e-6).Should().BeTrue();
    }
}
