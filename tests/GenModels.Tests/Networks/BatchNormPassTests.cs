using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class BatchNormPassTests
{
    private const int Inputs = 30;

    public static TheoryData<HiddenLayers, int> Networks
    {
        get
        {
            var networks = new TheoryData<HiddenLayers, int>();
            foreach (var activation in Enum.GetValues<Activation>()) networks.Add(new HiddenLayers { Widths = [5, 7], BatchNorm = true, Activation = activation }, 33);
            networks.Add(new HiddenLayers { Widths = [5, 7], BatchNorm = true, MaxoutPieces = 3 }, 20);
            networks.Add(new HiddenLayers { Widths = [9, 7], BatchNorm = true, InputDropout = 0.2, Dropout = 0.5, Activation = Activation.Tanh }, 20);
            networks.Add(new HiddenLayers { Widths = [9, 7], BatchNorm = true, Dropout = 0.5, MaxoutPieces = 2 }, 20);
            // Wide enough for vectors, blocks and more than one thread.
            networks.Add(new HiddenLayers { Widths = [97, 64], BatchNorm = true, Activation = Activation.Elu }, 200);
            return networks;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Passes_equal_those_of_the_graph_and_so_do_the_running_figures(HiddenLayers hidden, int n)
    {
        using var scope = torch.NewDisposeScope();
        using var dropout = new torch.Generator(3);
        using var mlp = Make(hidden, 1, dropout);
        using var reference = Make(hidden, 1, dropout);
        using var kernels = Backpropagation.Of(mlp);
        using var graph = Backpropagation.OverGraph(reference);
        kernels.Segments.Should().ContainSingle().Which.Should().BeOfType<DenseSegment>();
        // One example and an evaluation go by the running figures, which two steps of training have moved before.
        foreach (var (count, training) in new[] { (n, true), (n + 1, true), (1, true), (n, false) })
        {
            mlp.train(training);
            reference.train(training);
            var (x, dy) = (Normal(count, Inputs, seed: (ulong)count), Normal(count, 3, seed: 9));
            dropout.manual_seed(5);
            var y = kernels.Forward(x, inputGradient: true).clone();
            var (gradients, input) = kernels.Backward(dy.clone());
            dropout.manual_seed(5);
            var expected = graph.Forward(x, inputGradient: true);
            var (expectedGradients, expectedInput) = graph.Backward(dy.clone());

            int additions = Inputs + 2 * hidden.Widths.Sum() + 2 * count;
            foreach (var (result, wanted) in gradients.Append(input).Append(y).Zip(expectedGradients.Append(expectedInput).Append(expected)))
                Agree(result, wanted, additions);
            foreach (var (figure, wanted) in mlp.named_buffers().Zip(reference.named_buffers())) Agree(figure.buffer, wanted.buffer, additions);
        }
        mlp.named_buffers().First().buffer.Values().Should().NotContain(0, "training moved it");
    }

    [Theory, MemberData(nameof(Networks))]
    public void Passes_that_record_no_gradients_give_the_same_bits_and_leave_the_running_figures(HiddenLayers hidden, int n)
    {
        using var scope = torch.NewDisposeScope();
        using var dropout = new torch.Generator(3);
        using var mlp = Make(hidden, 1, dropout);
        using var pass = Backpropagation.Of(mlp);
        var x = Normal(n, Inputs, seed: 2);
        foreach (bool training in new[] { true, false })
        {
            mlp.train(training);
            float[] before = Figures(mlp);
            dropout.manual_seed(5);
            float[] inferred, passed;
            using (torch.no_grad())
            {
                inferred = mlp.call(x).Values();
                dropout.manual_seed(5);
                passed = pass.Forward(x).Values();
            }
            Figures(mlp).Should().Equal(before);
            dropout.manual_seed(5);
            pass.Forward(x).Values().Should().Equal(inferred).And.Equal(passed);
            Figures(mlp).Should().Match<IEnumerable<float>>(figures => figures.SequenceEqual(before) != training);
        }
    }

    [Theory]
    [InlineData(Activation.Identity)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Elu)]
    [InlineData(Activation.Softplus)]
    public void Gradients_are_the_slopes_of_finite_differences(Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        using var mlp = Make(new HiddenLayers { Widths = [4], BatchNorm = true, Activation = activation }, 1, null);
        using var pass = Backpropagation.Of(mlp);
        var (x, dy) = (Normal(12, Inputs, seed: 2), Normal(12, 3, seed: 3));
        pass.Forward(x);
        var gradients = pass.Backward(dy.clone()).Parameters.Select(gradient => gradient?.Values() ?? []).ToArray();
        double Objective() => (pass.Forward(x).to(torch.float64) * dy.to(torch.float64)).sum().item<double>();
        // The differences of 0.01 err by their square times a third derivative of up to some ten, and by the rounding of 36 terms over twice
        // their distance: 10 · 1e−4 / 6 + 36 · 6e−8 / 0.02 · |term|.
        foreach (var (parameter, gradient) in pass.Parameters.Zip(gradients))
        {
            gradient.Should().HaveCount((int)parameter.numel());
            for (int i = 0; i < gradient.Length; i += 7)
                Gradients.Slope(parameter, i, Objective).Should().BeApproximately(gradient[i], 2e-3 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }

    [Fact]
    public void A_running_figure_that_was_given_less_memory_is_an_error_and_no_read_of_other_memory()
    {
        using var scope = torch.NewDisposeScope();
        using var mlp = Make(new HiddenLayers { Widths = [5], BatchNorm = true }, 1, null);
        using var pass = Backpropagation.Of(mlp);
        using (torch.no_grad()) mlp.named_buffers().First().buffer.set_(torch.zeros(2));
        var forward = () => pass.Forward(torch.ones(4, Inputs));
        forward.Should().Throw<InvalidOperationException>().WithMessage("*[2], expected 5 values*");
    }

    [Fact]
    public void What_is_frozen_has_no_gradient()
    {
        using var scope = torch.NewDisposeScope();
        using var mlp = Make(new HiddenLayers { Widths = [5], BatchNorm = true }, 1, null);
        mlp.get_parameter("norm0.weight")?.requires_grad_(false);
        using var pass = Backpropagation.Of(mlp);
        pass.Forward(torch.ones(4, Inputs));
        pass.Backward(torch.ones(4, 3)).Parameters.Select(g => g?.shape).Should().BeEquivalentTo(
            new long[]?[] { [5, Inputs], [3, 5], [3], null, [5] }, options => options.WithStrictOrdering());
    }

    // Every addition on the way rounds by at most 2⁻²⁴ of its sum, for which the greatest result stands; dividing by a deviation carries what
    // is off into the values, their mean and their spread, for each of two layers and each way.
    private static void Agree(torch.Tensor? result, torch.Tensor? wanted, int additions)
    {
        if (result is null || wanted is null) throw new InvalidOperationException("Both ways know every gradient.");
        double greatest = Math.Max(wanted.abs().max().item<float>(), 1);
        (result - wanted).abs().max().item<float>().Should().BeLessThanOrEqualTo((float)(greatest * additions * 3 * 3 * Math.Pow(2, -24)));
    }

    private static float[] Figures(Mlp mlp) => [.. mlp.named_buffers().SelectMany(b => b.buffer.Values())];

    private static Mlp Make(HiddenLayers hidden, ulong seed, torch.Generator? dropout)
    {
        using var generator = new torch.Generator(seed);
        return new(Inputs, hidden, 3, Activation.Identity, Initialization.Glorot, generator, dropout);
    }

    private static torch.Tensor Normal(long rows, long columns, ulong seed)
    {
        using var generator = new torch.Generator(seed);
        return torch.randn(rows, columns, generator: generator);
    }
}
