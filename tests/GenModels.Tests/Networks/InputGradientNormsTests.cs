using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class InputGradientNormsTests
{
    private const int Inputs = 21;
    private const double HalfUlp = 1.0 / (1 << 24);

    private static readonly NetworkOutput Output = new("network", 1);

    public static TheoryData<HiddenLayers, Activation> Networks
    {
        get
        {
            var networks = new TheoryData<HiddenLayers, Activation>();
            foreach (var activation in Enum.GetValues<Activation>())
            {
                networks.Add(new HiddenLayers { Widths = [9, 7], Activation = activation }, Activation.Identity);
                networks.Add(new HiddenLayers { Widths = [9], InputDropout = 0.2, Dropout = 0.4, Activation = activation }, Activation.Identity);
                // A curve above straight lines bends them.
                networks.Add(new HiddenLayers { Widths = [8, 7], Activation = Activation.LeakyRelu }, activation);
                networks.Add(new HiddenLayers { Widths = [8, 7], MaxoutPieces = 3, Dropout = 0.3 }, activation);
            }
            networks.Add(new HiddenLayers { Widths = [] }, Activation.Identity);
            // Wide enough for vectors, blocks and more than one thread.
            networks.Add(new HiddenLayers { Widths = [130, 90], Activation = Activation.Tanh }, Activation.Identity);
            return networks;
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Norms_and_gradients_are_those_of_the_graph(HiddenLayers hidden, Activation outputActivation)
    {
        using var scope = torch.NewDisposeScope();
        var dropout = new RandomGenerator(3);
        using var network = Make(hidden, outputActivation, dropout);
        foreach (long? columns in new long?[] { null, 8, 13 })
        {
            using var closed = InputGradientNorms.Of(network, Output, columns);
            using var graph = new GraphInputGradientNorms(network, Output, columns);
            closed.Should().BeOfType<DenseInputGradientNorms>();
            foreach (int n in new[] { 40, 3 })
            {
                var (x, slopes) = (Normal(n, Inputs, 2), Normal(1, n, 4).Values());
                dropout.Step = 5;
                float[] norms = closed.Forward(x, differentiable: true);
                var gradients = closed.Backward(slopes);
                dropout.Step = 5;
                float[] expected = graph.Forward(x, differentiable: true);
                var expectedGradients = graph.Backward(slopes);

                // Each of four passes adds up to as many terms as a layer has inputs, and the last over the batch; every addition rounds by at
                // most 2⁻²⁴ of its sum, for which the greatest result stands, and a product has two factors that are off.
                int additions = 4 * (Inputs + hidden.Widths.Sum() * hidden.MaxoutPieces) + n;
                Agree(torch.tensor(norms), torch.tensor(expected), 2 * additions);
                gradients.Should().HaveSameCount(expectedGradients);
                foreach (var (gradient, wanted) in gradients.Zip(expectedGradients))
                    if (wanted is null) gradient.Should().BeNull();
                    else Agree(gradient ?? torch.zeros_like(wanted), wanted, 2 * additions);
            }
        }
    }

    [Theory]
    [InlineData(Activation.LeakyRelu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Elu)]
    [InlineData(Activation.Softplus)]
    public void Gradients_are_the_slopes_of_finite_differences(Activation activation)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(new HiddenLayers { Widths = [6, 5], Activation = activation }, Activation.Identity, null);
        using var norms = InputGradientNorms.Of(network, Output);
        var (x, slopes) = (Normal(3, Inputs, 2), new[] { 0.5f, -1f, 2f });
        norms.Forward(x, differentiable: true);
        var gradients = norms.Backward(slopes).Select(gradient => gradient?.Values()).ToArray();
        double Objective() => norms.Forward(x, differentiable: false).Zip(slopes, (norm, slope) => (double)norm * slope).Sum();
        foreach (var (parameter, gradient) in network.parameters().Zip(gradients))
            for (int i = 0; i < parameter.numel(); i += 3)
                // The differences of 0.01 err by their square times a third derivative of order 1, and by the rounding of norms of order 1 over
                // twice their distance, some 1e−5.
                Gradients.Slope(parameter, i, Objective).Should().BeApproximately(gradient?[i] ?? 0, 1e-3);
    }

    [Fact]
    public void The_number_of_threads_does_not_change_the_bits()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(new HiddenLayers { Widths = [230, 150], Activation = Activation.Softplus }, Activation.Tanh, null);
        int threads = torch.get_num_threads();
        try
        {
            float[][] results = [.. new[] { 1, 2, 4 }.Select(count =>
            {
                torch.set_num_threads(count);
                using var norms = InputGradientNorms.Of(network, Output);
                float[] found = norms.Forward(Normal(300, Inputs, 2), differentiable: true);
                return (float[])[.. found, .. norms.Backward(found).SelectMany(gradient => gradient?.Values() ?? [])];
            })];
            results[1].Should().Equal(results[0]);
            results[2].Should().Equal(results[0]);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void What_is_frozen_has_no_gradient_and_the_others_keep_theirs()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(new HiddenLayers { Widths = [6], Activation = Activation.Tanh }, Activation.Identity, null);
        using var norms = InputGradientNorms.Of(network, Output);
        foreach (string frozen in new[] { "0.weight", "0.bias", "1.weight" })
        {
            float[][] Found()
            {
                norms.Forward(Normal(4, Inputs, 2), differentiable: true);
                return [.. norms.Backward([1, 1, 1, 1]).Select(gradient => gradient?.Values() ?? [])];
            }
            var all = Found();
            int place = network.named_parameters().Select(p => p.name).ToList().IndexOf(frozen);
            network.get_parameter(frozen)?.requires_grad_(false);
            var rest = Found();
            rest[place].Should().BeEmpty();
            for (int i = 0; i < all.Length; i++)
                if (i != place) rest[i].Should().Equal(all[i]);
            network.get_parameter(frozen)?.requires_grad_(true);
        }
    }

    [Fact]
    public void Batch_norm_and_modules_of_the_callers_keep_the_graph()
    {
        using var normed = Make(new HiddenLayers { Widths = [6], BatchNorm = true }, Activation.Identity, null);
        using var module = torch.nn.Linear(Inputs, 1);
        foreach (var network in new torch.nn.Module<torch.Tensor, torch.Tensor>[] { normed, module })
            using (var norms = InputGradientNorms.Of(network, Output)) norms.Should().BeOfType<GraphInputGradientNorms>();
    }

    [Fact]
    public void Passes_leave_no_tensor_behind()
    {
        using var network = Make(new HiddenLayers { Widths = [6], MaxoutPieces = 2 }, Activation.Sigmoid, null);
        long atFirst = Tensors.CountSettled();
        var norms = InputGradientNorms.Of(network, Output);
        void Step(int n)
        {
            using var scope = torch.NewDisposeScope();
            norms.Backward(norms.Forward(Normal(n, Inputs, 2), differentiable: true));
        }
        Step(3);
        long before = torch.Tensor.TotalCount;
        for (int n = 2; n < 9; n++) Step(n);
        torch.Tensor.TotalCount.Should().Be(before);
        norms.Dispose();
        torch.Tensor.TotalCount.Should().Be(atFirst);
    }

    [Fact]
    public void What_does_not_fit_is_an_error_and_no_read_of_other_memory()
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(new HiddenLayers { Widths = [6] }, Activation.Identity, null);
        foreach (long columns in new long[] { 0, Inputs + 1 })
        {
            var make = () => InputGradientNorms.Of(network, Output, columns);
            make.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1 to the network's 21 inputs*");
        }
        using var norms = InputGradientNorms.Of(network, Output);
        var backward = () => norms.Backward([1]);
        backward.Should().Throw<InvalidOperationException>().WithMessage("*without Forward*");
        norms.Forward(Normal(4, Inputs, 2), differentiable: true);
        backward.Should().Throw<ArgumentException>();
        var forward = () => norms.Forward(Normal(4, Inputs - 1, 2), differentiable: true);
        forward.Should().Throw<ArgumentException>().WithMessage("*expected Float32 with 21 values*");
    }

    private static void Agree(torch.Tensor result, torch.Tensor wanted, int additions)
    {
        double greatest = wanted.abs().max().item<float>();
        (result - wanted).abs().max().item<float>().Should().BeLessThanOrEqualTo((float)(greatest * additions * HalfUlp));
    }

    private static Mlp Make(HiddenLayers hidden, Activation outputActivation, RandomGenerator? dropout)
    {
        var generator = new RandomGenerator(1);
        return new(Inputs, hidden, 1, outputActivation, Initialization.Default, generator, dropout);
    }

    private static torch.Tensor Normal(long rows, long columns, ulong seed)
    {
        var generator = new RandomGenerator(seed);
        return generator.Normal([rows, columns]);
    }
}
