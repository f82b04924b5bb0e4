using GenModels.Networks;

namespace GenModels.Tests.Networks;

public class ConvolutionTests
{
    public static TheoryData<HiddenLayers, int[], int> Networks => new()
    {
        { new() { Widths = [], Convolutions = new() { Channels = [3] } }, [1, 4, 6], 0 },
        { new() { Widths = [5], Convolutions = new() { Channels = [3, 4] }, Activation = Activation.Tanh }, [2, 8, 4], 0 },
        { new() { Widths = [], Convolutions = new() { Channels = [4, 2], Kernel = 2 }, Activation = Activation.LeakyRelu }, [3, 4, 4], 0 },
        { new() { Widths = [6, 5], Convolutions = new() { Channels = [3], Kernel = 6 }, Activation = Activation.Elu }, [1, 6, 6], 0 },
        { new() { Widths = [], Convolutions = new() { Channels = [3, 4], BatchNorm = true }, Activation = Activation.LeakyRelu }, [2, 8, 8], 0 },
        { new() { Widths = [4], Convolutions = new() { Channels = [3, 4] }, Activation = Activation.Softplus }, [1, 8, 4], 5 },
        // Wide enough for vectors, blocks and more than one thread.
        { new() { Widths = [], Convolutions = new() { Channels = [32, 40] }, Activation = Activation.LeakyRelu }, [3, 32, 28], 0 },
        { new() { Widths = [], Convolutions = new() { Channels = [17, 64], BatchNorm = true }, Activation = Activation.Tanh }, [1, 28, 28], 10 },
    };

    [Theory, MemberData(nameof(Networks))]
    public void Passes_of_an_encoder_equal_those_of_the_graph(HiddenLayers hidden, int[] image, int planes)
    {
        ConvolutionalEncoder Make() => new(
            Long(image), hidden, 3, Activation.Identity, Initialization.Default, new RandomGenerator(1), planes: planes);
        PassesEqualThoseOfTheGraph(Make, Long(image).Size() + planes, 3);
    }

    [Theory, MemberData(nameof(Networks))]
    public void Passes_of_a_decoder_equal_those_of_the_graph(HiddenLayers hidden, int[] image, int more)
    {
        ConvolutionalDecoder Make() => new(7 + more, hidden, Long(image), Activation.Sigmoid, Initialization.Default, new RandomGenerator(1));
        PassesEqualThoseOfTheGraph(Make, 7 + more, Long(image).Size());
    }

    [Theory, MemberData(nameof(Networks))]
    public void Passes_that_record_no_gradients_give_the_same_bits_and_leave_the_running_figures(HiddenLayers hidden, int[] image, int planes)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalEncoder(Long(image), hidden, 3, Activation.Identity, Initialization.Default, new RandomGenerator(1), planes: planes);
        using var kernels = Backpropagation.Of(network);
        var x = Normal(9, Long(image).Size() + planes, seed: 2);
        kernels.Forward(x);
        network.eval();
        float[] trained = kernels.Forward(x).Values();
        float[][] figures = [.. network.named_buffers().Select(figure => figure.buffer.Values())];
        using (torch.no_grad())
        {
            network.call(x).Values().Should().Equal(trained);
            network.train();
            network.call(x);
        }
        foreach (var (figure, before) in network.named_buffers().Zip(figures)) figure.buffer.Values().Should().Equal(before);
    }

    [Fact]
    public void What_is_frozen_has_no_gradient_and_passes_its_inputs_on()
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ConvolutionalEncoder(
            [1, 8, 8], new() { Widths = [], Convolutions = new() { Channels = [3, 4] } }, 2, Activation.Identity, Initialization.Default, new RandomGenerator(1));
        using var kernels = Backpropagation.Of(network);
        var x = Normal(5, 64, seed: 3);
        kernels.Forward(x, inputGradient: true);
        float[]? whole = kernels.Backward(Normal(5, 2, seed: 4)).Input?.Values();
        var frozen = network.named_parameters().First(parameter => parameter.name == "convolutions.1.weight").parameter;
        frozen.requires_grad_(false);
        kernels.Forward(x, inputGradient: true);
        var (gradients, input) = kernels.Backward(Normal(5, 2, seed: 4));

        input?.Values().Should().Equal(whole);
        kernels.Parameters.Zip(gradients).Where(pair => pair.Second is null).Should().ContainSingle().Which.First.Should().BeSameAs(frozen);
    }

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        float[][] Run(int threads)
        {
            int before = torch.get_num_threads();
            torch.set_num_threads(threads);
            try
            {
                using var scope = torch.NewDisposeScope();
                using var network = new ConvolutionalDecoder(
                    20, new() { Widths = [], Convolutions = new() { Channels = [24, 48], BatchNorm = true } }, [3, 28, 28], Activation.Sigmoid, Initialization.Default,
                    new RandomGenerator(1));
                using var kernels = Backpropagation.Of(network);
                float[] y = kernels.Forward(Normal(19, 20, seed: 1), inputGradient: true).Values();
                var (gradients, input) = kernels.Backward(Normal(19, 3 * 784, seed: 2));
                return [y, .. gradients.Append(input).Select(gradient => gradient?.Values() ?? [])];
            }
            finally
            {
                torch.set_num_threads(before);
            }
        }
        float[][] expected = Run(1);
        foreach (int threads in new[] { 2, 3, 4 })
            foreach (var (result, wanted) in Run(threads).Zip(expected)) result.Should().Equal(wanted);
    }

    [Fact]
    public void Names_and_shapes_are_those_of_PyTorch_and_known_without_the_network()
    {
        HiddenLayers hidden = new() { Widths = [10], Convolutions = new() { Channels = [3, 4], BatchNorm = true } };
        using var encoder = new ConvolutionalEncoder([1, 8, 12], hidden, 2, Activation.Identity, Initialization.Default, new RandomGenerator(1), planes: 5);
        using var decoder = new ConvolutionalDecoder(7, hidden, [1, 8, 12], Activation.Identity, Initialization.Default, new RandomGenerator(1));
        string[] ofEncoder = [.. Texts(encoder)], ofDecoder = [.. Texts(decoder)];

        ofEncoder.Should().BeEquivalentTo(
            "convolutions.0.weight [3, 6, 4, 4]", "convolutions.0.bias [3]", "convolutions.1.weight [4, 3, 4, 4]",
            "convolutions.norm1.weight [4]", "convolutions.norm1.bias [4]", "convolutions.norm1.running_mean [4]", "convolutions.norm1.running_var [4]",
            "dense.0.weight [10, 24]", "dense.0.bias [10]", "dense.1.weight [2, 10]", "dense.1.bias [2]");
        ofDecoder.Should().BeEquivalentTo(
            "dense.0.weight [10, 7]", "dense.0.bias [10]", "convolutions.0.weight [10, 4, 2, 3]",
            "convolutions.norm0.weight [4]", "convolutions.norm0.bias [4]", "convolutions.norm0.running_mean [4]", "convolutions.norm0.running_var [4]",
            "convolutions.1.weight [4, 3, 4, 4]",
            "convolutions.norm1.weight [3]", "convolutions.norm1.bias [3]", "convolutions.norm1.running_mean [3]", "convolutions.norm1.running_var [3]",
            "convolutions.2.weight [3, 1, 4, 4]", "convolutions.2.bias [1]");
        ConvolutionalEncoder.Shapes([1, 8, 12], hidden, 2, planes: 5).Select(shape => $"{shape.Name} {Guard.Shape(shape.Shape)}").Should().BeEquivalentTo(ofEncoder);
        ConvolutionalDecoder.Shapes(7, hidden, [1, 8, 12]).Select(shape => $"{shape.Name} {Guard.Shape(shape.Shape)}").Should().BeEquivalentTo(ofDecoder);
    }

    [Theory]
    [InlineData(new[] { 784 }, 4, "*expected [channels, height, width]*")]
    [InlineData(new[] { 1, 28, 30 }, 4, "*28×30 pixels can't be halved 2 times*")]
    [InlineData(new[] { 1, 28, 28 }, 3, "*The kernel is odd*")]
    [InlineData(new[] { 1, 28, 28 }, 18, "*[2, 16]*")]
    public void What_can_not_be_halved_is_an_error(int[] image, int kernel, string message)
    {
        var make = () => new ConvolutionalEncoder(
            Long(image), new() { Convolutions = new() { Kernel = kernel } }, 2, Activation.Identity, Initialization.Default, new RandomGenerator(1));
        make.Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static IEnumerable<string> Texts(torch.nn.Module network) =>
        network.named_parameters().Select(p => $"{p.name} {Guard.Shape(p.parameter.shape)}").Concat(network.named_buffers().Select(b => $"{b.name} {Guard.Shape(b.buffer.shape)}"));

    private static long[] Long(int[] shape) => [.. shape.Select(size => (long)size)];

    private static torch.Tensor Normal(long n, long size, ulong seed) => new RandomGenerator(seed).Normal([n, size]);

    private static void PassesEqualThoseOfTheGraph(Func<torch.nn.Module<torch.Tensor, torch.Tensor>> make, long inputs, long outputs)
    {
        using var scope = torch.NewDisposeScope();
        using var network = make();
        using var reference = make();
        using var kernels = Backpropagation.Of(network);
        using var graph = Backpropagation.OverGraph(reference);
        kernels.Segments.Should().Contain(segment => segment is ConvolutionSegment).And.NotContain(segment => segment is GraphSegment);
        foreach (var (n, training) in new[] { (33, true), (2, true), (1, true), (7, false) })
        {
            network.train(training);
            reference.train(training);
            var (x, dy) = (Normal(n, inputs, seed: (ulong)n), Normal(n, outputs, seed: 9));
            var y = kernels.Forward(x, inputGradient: true).clone();
            var (gradients, input) = kernels.Backward(dy.clone());
            var expected = graph.Forward(x, inputGradient: true);
            var (expectedGradients, expectedInput) = graph.Backward(dy.clone());

            // A weight's gradient is a sum over all pixels of a batch, behind sums over the values of every layer.
            long additions = 2 * n * Math.Max(inputs, outputs);
            foreach (var (result, wanted) in gradients.Append(input).Append(y).Zip(expectedGradients.Append(expectedInput).Append(expected)))
                Agree(result, wanted, additions);
            foreach (var (figure, wanted) in network.named_buffers().Zip(reference.named_buffers())) Agree(figure.buffer, wanted.buffer, additions);
        }
    }

    // Every addition on the way rounds by at most 2⁻²⁴ of its sum, for which the greatest result stands.
    private static void Agree(torch.Tensor? result, torch.Tensor? reference, long additions)
    {
        if (result is null || reference is null) throw new InvalidOperationException("Both ways know every gradient.");
        result.numel().Should().Be(reference.numel());
        double greatest = reference.abs().max().item<float>();
        (result.flatten() - reference.flatten()).abs().max().item<float>().Should().BeLessThanOrEqualTo((float)(greatest * additions * Math.Pow(2, -24)));
    }
}
