using GenModels.Networks;

namespace GenModels.Tests.Networks;

/// <summary>Networks that behave while a model tries them, and otherwise later.</summary>
public class NetworkOutputTests
{
    private const int Count = 4;

    private static readonly string[] AllNetworks =
    [
        "vae encoder", "vae decoder", "iwae encoder", "iwae decoder", "autoencoder encoder", "autoencoder decoder", "gan generator", "gan discriminator",
    ];

    public static TheoryData<string> Networks => new(AllNetworks);

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string network in AllNetworks)
                foreach (string lie in new[] { "fewer rows", "more rows", "half the rows of twice the width", "no rows", "another column", "double precision" })
                    cases.Add(network, lie);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void An_output_that_does_not_fit_its_input_is_an_error_that_names_the_network(string network, string lie)
    {
        using var scope = torch.NewDisposeScope();
        var (model, liar, calls) = Make(network);
        using (model)
        {
            var x = Examples.Batch(Count, [6]);
            model.TrainStep(x);
            var generator = new RandomGenerator(1);
            liar.Lie = lie;
            foreach (var use in calls.Append(() => model.TrainStep(x)).Append(() => model.Evaluate(x, generator)))
                use.Should().Throw<InvalidOperationException>().WithMessage($"The {network.Split(' ')[1]} gave * for an input of the shape *expected Float32 with * rows of * values*");
            liar.Lie = null;
            model.TrainStep(x).Named.Should().OnlyContain(m => double.IsFinite(m.Value));
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void An_output_in_another_order_of_memory_trains_to_the_same_bits(string network)
    {
        using var scope = torch.NewDisposeScope();
        var (model, _, _) = Make(network);
        var (other, strided, _) = Make(network);
        using (model)
        using (other)
        {
            other.Load(model.State);
            strided.Lie = "strides";
            for (ulong step = 0; step < 3; step++)
                other.TrainStep(Examples.Batch(Count, [6], step)).Named.Should().Equal(model.TrainStep(Examples.Batch(Count, [6], step)).Named);
        }
    }

    [Fact]
    public void A_network_of_another_precision_is_rejected_where_the_model_is_made()
    {
        var make = () => new Vae(new VaeOptions { ExampleShape = [6], LatentSize = 2 }, null, new Liar(2, 6) { Lie = "double precision" });
        make.Should().Throw<ArgumentException>().WithParameterName("decoder").WithMessage("*Float64*expected Float32*");
    }

    private static (IGenerativeModel Model, Liar Liar, Action[] Calls) Make(string network)
    {
        var x = Examples.Batch(Count, [6]);
        var codes = torch.zeros(Count, 2);
        switch (network)
        {
            case "vae encoder" or "iwae encoder":
                var encoder = new Liar(6, 8);
                var vae = new Vae(Options(network), encoder, null);
                return (vae, encoder, [() => vae.Encode(x), () => vae.Reconstruct(x)]);
            case "vae decoder" or "iwae decoder":
                var decoder = new Liar(2, 6);
                var decoding = new Vae(Options(network), null, decoder);
                return (decoding, decoder, [() => decoding.Decode(codes), () => decoding.Sample(Count, seed: 1)]);
            case "autoencoder encoder":
                var toCode = new Liar(6, 2);
                var encoding = new Autoencoder(new AutoencoderOptions { ExampleShape = [6], CodeSize = 2, Hidden = [5] }, toCode, null);
                return (encoding, toCode, [() => encoding.Encode(x), () => encoding.ReconstructionError(x), () => encoding.Reconstruct(x)]);
            case "autoencoder decoder":
                var fromCode = new Liar(2, 6);
                var autoencoder = new Autoencoder(new AutoencoderOptions { ExampleShape = [6], CodeSize = 2, Hidden = [5] }, null, fromCode);
                return (autoencoder, fromCode, [() => autoencoder.Decode(codes), () => autoencoder.ReconstructionError(x), () => autoencoder.Reconstruct(x)]);
            case "gan generator":
                var generator = new Liar(3, 6);
                var gan = new Gan(Adversaries, generator, null);
                return (gan, generator, [() => gan.Sample(Count, seed: 1)]);
            default:
                var discriminator = new Liar(6, 1);
                var judged = new Gan(Adversaries, null, discriminator);
                return (judged, discriminator, [() => judged.Discriminate(x)]);
        }
    }

    private static readonly GanOptions Adversaries = new()
    {
        ExampleShape = [6],
        NoiseSize = 3,
        R1 = 1,
        Generator = new HiddenLayers { Widths = [5] },
        Discriminator = new HiddenLayers { Widths = [5] },
        OutputActivation = Activation.Identity,
    };

    private static VaeOptions Options(string network) => new()
    {
        ExampleShape = [6],
        LatentSize = 2,
        Hidden = [5],
        Likelihood = new GaussianLikelihood(),
        ImportanceSamples = network.StartsWith("iwae", StringComparison.Ordinal) ? 3 : 1,
    };

    private sealed class Liar : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly Dense _layer;

        public Liar(long inputs, long outputs) : base(nameof(Liar))
        {
            var generator = new RandomGenerator(1);
            _layer = new Dense(inputs, outputs, Initialization.Default, generator);
            register_module("layer", _layer);
        }

        public string? Lie { get; set; }

        public override torch.Tensor forward(torch.Tensor input)
        {
            var y = _layer.call(input);
            return Lie switch
            {
                null => y,
                "fewer rows" => y.narrow(0, 0, 1),
                "more rows" => torch.cat([y, y]),
                "half the rows of twice the width" => y.reshape(y.shape[0] / 2, -1),
                "no rows" => y.narrow(0, 0, 0),
                "another column" => torch.cat([y, y.narrow(1, 0, 1)], 1),
                "double precision" => y.to(torch.float64),
                "strides" => y.t().contiguous().t(),
                _ => throw new InvalidOperationException(Lie),
            };
        }
    }
}
