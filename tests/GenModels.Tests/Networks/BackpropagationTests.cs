using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class BackpropagationTests
{
    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Elu)]
    [InlineData(Activation.Softplus)]
    [InlineData(Activation.Identity)]
    public void Gradients_equal_those_of_the_whole_graph(Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var mlp = new Mlp(6, [5, 7], 3, activation, activation, Initialization.He, generator);
        var x = torch.randn(4, 6, generator: generator);
        var dy = torch.randn(4, 3, generator: generator);
        foreach (var way in new[] { Backpropagation.Of(mlp), new GraphBackpropagation(mlp) })
            using (way) GivesTheGradientsOfTheWholeGraph(way, mlp, x, dy);
    }

    [Fact]
    public void The_gradient_of_the_input_alone_is_that_of_the_whole_pass()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5, 7], 3, Activation.LeakyRelu, Activation.Tanh, Initialization.He, generator);
        var (x, dy) = (torch.randn(4, 6, generator: generator), torch.randn(4, 3, generator: generator));
        foreach (var way in new[] { Backpropagation.Of(mlp), new GraphBackpropagation(mlp) })
            using (way)
            {
                way.Forward(x, inputGradient: true);
                float[]? whole = way.Backward(dy.clone()).Input?.Values();
                way.Forward(x, inputGradient: true);
                way.InputGradient(dy.clone())?.Values().Should().Equal(whole);
                whole.Should().Contain(value => value != 0);

                var again = () => way.InputGradient(dy.clone());
                again.Should().Throw<InvalidOperationException>().WithMessage("*without Forward*");
                way.Forward(x);
                again.Should().Throw<InvalidOperationException>().WithMessage("*not told*");
            }
    }

    [Fact]
    public void The_gradient_of_the_input_alone_leaves_the_weights_gradients_as_they_were()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        using var pass = Backpropagation.Of(mlp);
        pass.Forward(torch.randn(4, 6, generator: generator));
        var weight = pass.Backward(torch.ones(4, 3)).Parameters[0] ?? torch.zeros(1);
        float[] before = weight.Values();
        pass.Forward(torch.randn(4, 6, generator: generator), inputGradient: true);
        pass.InputGradient(torch.ones(4, 3));

        weight.Values().Should().Equal(before, "they would only change if they were computed");
    }

    private static void GivesTheGradientsOfTheWholeGraph(Backpropagation pass, Mlp mlp, torch.Tensor x, torch.Tensor dy)
    {
        var y = pass.Forward(x, inputGradient: true).clone();
        var (gradients, inputGradient) = pass.Backward(dy.clone());

        var input = x.detach().requires_grad_();
        var whole = mlp.call(input);
        var expected = torch.autograd.grad([(whole * dy).sum()], [.. mlp.parameters(), input]);
        y.allclose(whole.detach(), 1e-5, 1e-6).Should().BeTrue();
        foreach (var (gradient, reference) in gradients.Append(inputGradient).Zip(expected))
            gradient.Should().Match<torch.Tensor>(g => g.allclose(reference, 1e-4, 1e-5, false));
    }

    [Fact]
    public void Without_inputs_gradient_none_is_computed()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        foreach (var way in new[] { Backpropagation.Of(mlp), new GraphBackpropagation(mlp) })
            using (way)
            {
                way.Forward(torch.ones([2, 2, 3]));
                way.Backward(torch.ones(2, 3)).Input.Should().BeNull();
            }
    }

    [Fact]
    public void A_parameter_that_the_output_does_not_use_has_no_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new HalfUsed();
        var pass = Backpropagation.Of(network);
        pass.Forward(torch.ones(2, 3));
        var (gradients, _) = pass.Backward(torch.ones(2, 3));

        gradients.Select(g => g is null).Should().Equal(false, true);
    }

    [Fact]
    public void Backward_without_forward_is_an_error()
    {
        using var network = new HalfUsed();
        var backward = () => Backpropagation.Of(network).Backward(torch.ones(1));
        backward.Should().Throw<InvalidOperationException>();
    }

    private sealed class HalfUsed : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly TorchSharp.Modules.Parameter _used = new(torch.ones(3));

        public HalfUsed() : base(nameof(HalfUsed))
        {
            register_parameter("used", _used);
            register_parameter("unused", new TorchSharp.Modules.Parameter(torch.ones(3)));
        }

        public override torch.Tensor forward(torch.Tensor input) => input * _used;
    }
}
