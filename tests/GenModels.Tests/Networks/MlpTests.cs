using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class MlpTests
{
    [Fact]
    public void Parameters_have_stable_names_and_shapes()
    {
        var generator = new RandomGenerator(1);
        using var mlp = new Mlp(6, [5, 4], 3, Activation.Relu, Activation.Identity, Initialization.Default, generator);

        mlp.named_parameters().Select(p => $"{p.name} {string.Join('x', p.parameter.shape)}").Should().Equal(
            "0.weight 5x6", "0.bias 5", "1.weight 4x5", "1.bias 4", "2.weight 3x4", "2.bias 3");
    }

    [Fact]
    public void Output_is_that_of_its_layers_one_after_the_other()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Tanh, Activation.Sigmoid, Initialization.Glorot, generator);
        var x = generator.Normal([4, 6]);
        var p = mlp.named_parameters().ToDictionary(p => p.name, p => p.parameter);

        var hidden = (x.matmul(p["0.weight"].t()) + p["0.bias"]).tanh();
        var expected = (hidden.matmul(p["1.weight"].t()) + p["1.bias"]).sigmoid();
        mlp.call(x).allclose(expected, 1e-5, 1e-6).Should().BeTrue();
        mlp.call(x.view(4, 2, 3)).allclose(expected, 1e-5, 1e-6).Should().BeTrue();
    }

    [Theory]
    [InlineData(Initialization.Default, 0.05, 0.05)]
    [InlineData(Initialization.Glorot, 0.1, 0.0)]
    public void Uniform_initial_weights_fill_their_interval(Initialization initialization, double weightBound, double biasBound)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        using var layer = new Dense(400, 200, initialization, generator);

        layer.Weight.abs().max().item<float>().Should().BeInRange((float)(0.999 * weightBound), (float)weightBound);
        layer.Bias.abs().max().item<float>().Should().BeInRange((float)(0.95 * biasBound), (float)biasBound);
        // The variance of a uniform distribution is bound²/3; its estimate from 80,000 draws has a relative standard error of √(0.8/80,000).
        double variance = layer.Weight.square().mean().item<float>();
        variance.Should().BeApproximately(weightBound * weightBound / 3, 5 * Math.Sqrt(0.8 / 80_000) * weightBound * weightBound / 3);
    }

    [Fact]
    public void He_initial_weights_have_variance_two_over_inputs()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(4);
        using var layer = new Dense(400, 200, Initialization.He, generator);

        // The variance estimate of n normal draws has a relative standard error of √(2/n).
        layer.Weight.square().mean().item<float>().Should().BeApproximately(0.005f, (float)(5 * Math.Sqrt(2.0 / 80_000) * 0.005));
        layer.Bias.abs().max().item<float>().Should().Be(0);
    }

    [Fact]
    public void The_same_generator_state_gives_the_same_weights()
    {
        using var scope = torch.NewDisposeScope();
        float[] Weights(ulong seed)
        {
            var generator = new RandomGenerator(seed);
            using var layer = new Dense(7, 5, Initialization.Default, generator);
            return layer.Weight.detach().data<float>().ToArray();
        }
        Weights(5).Should().Equal(Weights(5)).And.NotEqual(Weights(6));
    }

    [Fact]
    public void Making_a_network_leaves_the_global_random_stream_alone()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(11);
        float expected = torch.rand(1).item<float>();
        torch.manual_seed(11);
        var generator = new RandomGenerator(7);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.Default, generator);
        torch.rand(1).item<float>().Should().Be(expected);
    }

    [Theory]
    [InlineData(Activation.Identity, -1.5, -1.5)]
    [InlineData(Activation.Relu, -1.5, 0)]
    [InlineData(Activation.LeakyRelu, -1.5, -0.3)]
    [InlineData(Activation.Tanh, -1.5, -0.9051482536)]
    [InlineData(Activation.Sigmoid, -1.5, 0.1824255238)]
    [InlineData(Activation.Elu, -1.5, -0.7768698399)]
    [InlineData(Activation.Softplus, -1.5, 0.2014132779)]
    public void Activations_have_their_values(Activation activation, double x, double expected)
    {
        using var scope = torch.NewDisposeScope();
        activation.Apply(torch.tensor(new[] { x })).item<double>().Should().BeApproximately(expected, 1e-9);
    }
}
