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
        foreach (var way in new[] { Backpropagation.Of(mlp), Backpropagation.OverGraph(mlp) })
            using (way) GivesTheGradientsOfTheWholeGraph(way, mlp, x, dy);
    }

    [Fact]
    public void The_gradient_of_the_input_alone_is_that_of_the_whole_pass()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5, 7], 3, Activation.LeakyRelu, Activation.Tanh, Initialization.He, generator);
        var (x, dy) = (torch.randn(4, 6, generator: generator), torch.randn(4, 3, generator: generator));
        foreach (var way in new[] { Backpropagation.Of(mlp), Backpropagation.OverGraph(mlp) })
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

    public static TheoryData<HiddenLayers> WithMaxoutAndDropout => new()
    {
        new HiddenLayers { Widths = [5, 7], MaxoutPieces = 3 },
        new HiddenLayers { Widths = [5, 7], Dropout = 0.5, Activation = Activation.Tanh },
        new HiddenLayers { Widths = [5, 7], InputDropout = 0.2, Activation = Activation.LeakyRelu },
        new HiddenLayers { Widths = [5, 7], InputDropout = 0.2, Dropout = 0.5, MaxoutPieces = 2 },
        new HiddenLayers { Widths = [], InputDropout = 0.3 },
        // Wide enough for vectors, blocks and more than one thread.
        new HiddenLayers { Widths = [97, 64], InputDropout = 0.2, Dropout = 0.5, MaxoutPieces = 5 },
    };

    [Theory, MemberData(nameof(WithMaxoutAndDropout))]
    public void With_maxout_and_dropout_passes_equal_those_of_the_graph(HiddenLayers hidden)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var dropout = new torch.Generator(3);
        using var mlp = new Mlp(60, hidden, 3, Activation.Identity, Initialization.He, generator, dropout);
        using var kernels = Backpropagation.Of(mlp);
        using var graph = Backpropagation.OverGraph(mlp);
        kernels.Segments.Should().ContainSingle().Which.Should().BeOfType<DenseSegment>();
        foreach (int n in new[] { 33, 200, 7 })
        {
            var (x, dy) = (torch.randn(n, 60, generator: generator), torch.randn(n, 3, generator: generator));
            foreach (bool training in new[] { true, false })
            {
                mlp.train(training);
                dropout.manual_seed(5);
                var y = kernels.Forward(x, inputGradient: true).clone();
                var (gradients, inputGradient) = kernels.Backward(dy.clone());
                dropout.manual_seed(5);
                var expected = graph.Forward(x, inputGradient: true);
                var (expectedGradients, expectedInputGradient) = graph.Backward(dy.clone());
                dropout.manual_seed(5);
                torch.Tensor inferred;
                using (torch.no_grad()) inferred = mlp.call(x);

                foreach (var (result, reference) in gradients.Append(inputGradient).Append(y).Append(inferred)
                    .Zip(expectedGradients.Append(expectedInputGradient).Append(expected).Append(expected)))
                    SumsAgree(result, reference, 60 + 2 * hidden.Widths.Sum() + n);
            }
        }
    }

    // Every addition on the way rounds by at most 2⁻²⁴ of its sum, for which the greatest result stands.
    private static void SumsAgree(torch.Tensor? result, torch.Tensor? reference, int additions)
    {
        if (result is null || reference is null) throw new InvalidOperationException("Both ways know every gradient.");
        double greatest = reference.abs().max().item<float>();
        (result - reference).abs().max().item<float>().Should().BeLessThanOrEqualTo((float)(greatest * additions * Math.Pow(2, -24)));
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
    public void What_a_network_can_not_take_is_an_error_and_no_read_of_other_memory()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        using var pass = Backpropagation.Of(mlp);
        foreach (var input in new[] { torch.ones(4, 5), torch.ones(4, 7), torch.ones([4, 6], torch.float64), torch.ones([4, 6], torch.uint8) })
        {
            var forward = () => pass.Forward(input);
            forward.Should().Throw<ArgumentException>().WithMessage("*expected Float32 with 6 values*");
        }
        foreach (var gradient in new[] { torch.ones(4, 2), torch.ones(3, 3), torch.ones([4, 3], torch.float64) })
        {
            pass.Forward(torch.ones(4, 6));
            var backward = () => pass.Backward(gradient);
            backward.Should().Throw<ArgumentException>().WithMessage("*expected Float32 [4, 3]*");
        }
        using var noGrad = torch.no_grad();
        var infer = () => mlp.call(torch.ones(4, 5));
        infer.Should().Throw<System.Runtime.InteropServices.ExternalException>();
    }

    [Fact]
    public void A_weight_that_was_given_less_memory_is_an_error_and_no_read_of_other_memory()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        using var pass = Backpropagation.Of(mlp);
        using (torch.no_grad()) mlp.get_parameter("1.weight")?.set_(torch.ones(2, 5));
        var forward = () => pass.Forward(torch.ones(4, 6));
        forward.Should().Throw<InvalidOperationException>().WithMessage("*[2, 5]*expected*15*");
    }

    [Fact]
    public void What_is_frozen_has_no_gradient_and_the_others_keep_theirs()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        mlp.get_parameter("0.weight")?.requires_grad_(false);
        using var pass = Backpropagation.Of(mlp);
        pass.Forward(torch.ones(4, 6));
        pass.Backward(torch.ones(4, 3)).Parameters.Select(g => g?.shape).Should().BeEquivalentTo(
            new long[]?[] { null, [5], [3, 5], [3] }, options => options.WithStrictOrdering());
    }

    [Fact]
    public void What_is_frozen_or_thawed_between_two_passes_loses_or_gets_its_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        torch.Tensor[] parameters = [.. mlp.parameters()];
        parameters[2].requires_grad_(false);
        foreach (var way in new[] { Backpropagation.Of(mlp), Backpropagation.OverGraph(mlp) })
            using (way)
                foreach (var frozen in new[] { parameters[..1], parameters[1..3], parameters, [] })
                {
                    foreach (var parameter in parameters) parameter.requires_grad = !frozen.Contains(parameter);
                    way.Forward(torch.ones(4, 6), inputGradient: true);
                    var (gradients, input) = way.Backward(torch.ones(4, 3));
                    gradients.Select(g => g is null).Should().Equal(parameters.Select(p => frozen.Contains(p)));
                    input.Should().NotBeNull();
                }
    }

    [Fact]
    public void Without_inputs_gradient_none_is_computed()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        using var mlp = new Mlp(6, [5], 3, Activation.Relu, Activation.Identity, Initialization.He, generator);
        foreach (var way in new[] { Backpropagation.Of(mlp), Backpropagation.OverGraph(mlp) })
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
