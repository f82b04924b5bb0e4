using GenModels.Distributions;
using GenModels.Networks;
using TorchSharp.Modules;

namespace GenModels.Tests.Networks;

/// <summary>Chains in which dense layers stand beside what the library has no kernel for.</summary>
public class SegmentTests
{
    public static TheoryData<string> Chains => ["between", "before", "behind", "only", "heads"];

    [Theory, MemberData(nameof(Chains))]
    public void Gradients_are_those_of_the_whole_graph_whatever_is_frozen(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(name);
        using var segments = Backpropagation.Of(network);
        using var graph = Backpropagation.OverGraph(network);
        foreach (int n in new[] { 9, 1 })
        {
            var (x, dy) = (Normal(n, 6, 2), Normal(n, 4, 3));
            for (int frozen = -1; frozen <= segments.Parameters.Count; frozen++)
            {
                // None, each, and all.
                for (int i = 0; i < segments.Parameters.Count; i++) segments.Parameters[i].requires_grad = i != frozen && frozen < segments.Parameters.Count;
                var y = segments.Forward(x, inputGradient: true).clone();
                var (gradients, input) = segments.Backward(dy.clone());
                var expected = graph.Forward(x, inputGradient: true);
                var (expectedGradients, expectedInput) = graph.Backward(dy.clone());
                gradients.Select(g => g is null).Should().Equal(expectedGradients.Select(g => g is null));
                foreach (var (result, wanted) in gradients.Append(input).Append(y).Zip(expectedGradients.Append(expectedInput).Append(expected)))
                    if (result is not null && wanted is not null) result.allclose(wanted, 1e-4, 1e-5).Should().BeTrue();

                segments.Forward(x, inputGradient: true);
                segments.InputGradient(dy.clone())?.Values().Should().Equal(input?.Values());
                segments.Forward(x);
                segments.Backward(dy.clone()).Input.Should().BeNull("it was not asked for");
            }
        }
    }

    [Theory, MemberData(nameof(Chains))]
    public void Dense_layers_go_through_kernels_and_nothing_else_does(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(name);
        using var pass = Backpropagation.Of(network);
        pass.Segments.Select(segment => segment.GetType()).Should().Equal(name switch
        {
            "between" => [typeof(DenseSegment), typeof(GraphSegment), typeof(DenseSegment)],
            "before" => [typeof(GraphSegment), typeof(DenseSegment)],
            "behind" => [typeof(DenseSegment), typeof(GraphSegment)],
            "only" => [typeof(GraphSegment)],
            _ => [typeof(ParallelSegment)],
        });
    }

    [Theory, MemberData(nameof(Chains))]
    public void A_pass_without_gradients_gives_the_same_bits(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var network = Make(name);
        using var pass = Backpropagation.Of(network);
        var x = Normal(9, 6, 2);
        float[] trained = pass.Forward(x).Values();
        using var noGrad = torch.no_grad();
        network.call(x).Values().Should().Equal(trained);
    }

    [Theory, MemberData(nameof(Chains))]
    public void Passes_leave_no_tensor_behind(string name)
    {
        using var network = Make(name);
        using var pass = Backpropagation.Of(network);
        void Step(int n)
        {
            using var scope = torch.NewDisposeScope();
            pass.Forward(Normal(n, 6, 2), inputGradient: true);
            pass.Backward(Normal(n, 4, 3));
            using var noGrad = torch.no_grad();
            network.call(Normal(n, 6, 2));
        }
        Step(3);
        long before = Tensors.CountSettled();
        for (int n = 2; n < 9; n++) Step(n);
        torch.Tensor.TotalCount.Should().Be(before);
    }

    [Fact]
    public void Batches_may_be_joined_where_every_example_is_treated_alone()
    {
        using var generator = new torch.Generator(1);
        Mlp Of(HiddenLayers hidden) => new(6, hidden, 1, Activation.Identity, Initialization.Glorot, generator);
        bool Alone(torch.nn.Module<torch.Tensor, torch.Tensor> network)
        {
            using (network) return NetworkPart.Of(network).All(part => part.TreatsExamplesAlone);
        }
        Alone(Of(new HiddenLayers { Activation = Activation.Elu })).Should().BeTrue();
        Alone(Of(new HiddenLayers { BatchNorm = true })).Should().BeFalse();
        Alone(Make("heads")).Should().BeTrue();
        Alone(Make("between")).Should().BeFalse();
    }

    private static torch.nn.Module<torch.Tensor, torch.Tensor> Make(string name)
    {
        using var generator = new torch.Generator(1);
        Mlp Dense(long inputs, long outputs) => new(inputs, [7], outputs, Activation.Elu, Activation.Tanh, Initialization.Glorot, generator);
        return name switch
        {
            "between" => new Chain(Dense(6, 5), new Shifted(5), Dense(5, 4)),
            "before" => new Chain(new Shifted(6), Dense(6, 4)),
            "behind" => new Chain(Dense(6, 4), new Shifted(4)),
            "only" => new Shifted(6, 4),
            _ => new ConditionalGaussian(6, [5], 2, EncoderLayout.SeparateNetworks, Activation.Softplus, Initialization.Glorot, generator).Heads,
        };
    }

    private static torch.Tensor Normal(long rows, long columns, ulong seed)
    {
        using var generator = new torch.Generator(seed);
        return torch.randn(rows, columns, generator: generator);
    }

    private sealed class Chain : torch.nn.Module<torch.Tensor, torch.Tensor>, INetworkChain
    {
        private readonly torch.nn.Module<torch.Tensor, torch.Tensor>[] _parts;

        public Chain(params torch.nn.Module<torch.Tensor, torch.Tensor>[] parts) : base(nameof(Chain))
        {
            _parts = parts;
            for (int i = 0; i < parts.Length; i++) register_module($"{i}", parts[i]);
        }

        public IReadOnlyList<NetworkPart> Parts => [.. _parts.SelectMany(part => NetworkPart.Of(part))];

        public override torch.Tensor forward(torch.Tensor input) => _parts.Aggregate(input, (x, part) => part.call(x));
    }

    /// <summary>For a single example libtorch gives input and shift one gradient in the same memory.</summary>
    private sealed class Shifted : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly long _outputs;

        public Shifted(long width, long? outputs = null) : base(nameof(Shifted))
        {
            _outputs = outputs ?? width;
            register_parameter("shift", new Parameter(torch.ones(1, width)));
        }

        public override torch.Tensor forward(torch.Tensor input) =>
            (input + (get_parameter("shift") ?? throw new InvalidOperationException("It has a shift."))).narrow(1, 0, _outputs);
    }
}
