using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Networks;
using GenModels.Optimization;
using TorchSharp;

namespace GenModels.Benchmarks.Comparison;

/// <summary>One training, sampling or evaluation that GenModels and PyTorch are both timed at. bench/pytorch/workloads.py has the other side under the same name.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="BatchSize">Examples a step.</param>
/// <param name="Model">Makes the model.</param>
/// <param name="Examples">Loads what it learns from.</param>
/// <param name="Floor">The matrix products of one step.</param>
/// <param name="Repeated">
/// What a step does where it does not train: given the model, it gives a step, whose answer stands for the loss. Null trains.
/// </param>
internal sealed record Workload(
    string Name, int BatchSize, Func<IGenerativeModel> Model, Func<IExampleSource> Examples, Func<MatrixProducts> Floor,
    Func<IGenerativeModel, Func<double>>? Repeated = null)
{
    private const int SamplingChunk = 4_000;
    private const int Side = 28;

    public static IReadOnlyList<Workload> All { get; } =
    [
        Vae("vae", 128, 20, Activation.Relu, 400),
        Gan("gan", 128, Images, new GanOptions
        {
            Generator = Layers(Activation.Relu, 256, 512),
            Discriminator = Layers(Activation.LeakyRelu, 512, 256),
        }),
        ConvolutionalVae("convolutional-vae", 128, 20, [32, 64]),
        DcGan("dcgan", 64, [64, 128]),
        Gan("ring", 512, () => GaussianMixture2D.Ring().Sample(100_000, seed: 0), new GanOptions
        {
            ExampleShape = [2],
            NoiseSize = 2,
            OutputActivation = Activation.Identity,
            Generator = Layers(Activation.Tanh, 256, 128, 128),
            Discriminator = Layers(Activation.Tanh, 128, 128),
        }),
        Gan("maxout", 100, Images, new GanOptions
        {
            Generator = Layers(Activation.Relu, 1200, 1200),
            Discriminator = new HiddenLayers { Widths = [240, 240], MaxoutPieces = 5, InputDropout = 0.2, Dropout = 0.5 },
            GeneratorOptimizer = new SgdOptions { LearningRate = 0.02, Momentum = 0.5 },
            DiscriminatorOptimizer = new SgdOptions { LearningRate = 0.01, Momentum = 0.5 },
        }),
        Vae("iwae", 20, 50, Activation.Tanh, 200, 200),
        Autoencoder("autoencoder", tied: false),
        Autoencoder("autoencoder-tied", tied: true),
        Sampling("sampling", 100_000),
        LogLikelihood("nll", images: 20, new ImportanceSamplingOptions()),
    ];

    public static Workload Named(string name) => All.FirstOrDefault(workload => workload.Name == name)
        ?? throw new ArgumentException($"There is no workload '{name}', expected one of {string.Join(", ", All.Select(workload => workload.Name))}.");

    /// <summary>A VAE on images, for a plot of cost against batch and width.</summary>
    public static Workload Vae(string name, int batch, int latent, Activation activation, params int[] hidden)
    {
        long[] inner = [.. hidden.Select(width => (long)width)];
        return new(
            name, batch, () => new Vae(new VaeOptions { Hidden = [.. hidden], LatentSize = latent, Activation = activation }), Images,
            () => new MatrixProducts()
                .Training(batch, [784, .. inner, 2 * latent])
                .Training(batch, [latent, .. inner.Reverse(), 784])
                .Inputs(batch, latent, inner[^1]));
    }

    private static Workload ConvolutionalVae(string name, int batch, int latent, int[] channels)
    {
        var options = new VaeOptions { ExampleShape = [1, Side, Side], LatentSize = latent, Hidden = [], Convolutions = new() { Channels = [.. channels] } };
        return new(
            name, batch, () => new Vae(options), () => Images().Reshape(1, Side, Side),
            () => new MatrixProducts()
                .Convolutions(batch, Side, channels).Training(batch, Features(channels), 2 * latent).Inputs(batch, Features(channels), 2 * latent)
                .Training(batch, latent, Features(channels)).Inputs(batch, latent, Features(channels)).Convolutions(batch, Side, channels).ConvolutionInputs(batch, Side, channels[0]));
    }

    private static Workload DcGan(string name, int batch, int[] channels)
    {
        var options = new GanOptions
        {
            ExampleShape = [1, Side, Side],
            Generator = new() { Widths = [], Convolutions = new() { Channels = [.. channels], BatchNorm = true } },
            Discriminator = new() { Widths = [], Activation = Activation.LeakyRelu, Convolutions = new() { Channels = [.. channels], BatchNorm = true } },
        };
        long noise = options.NoiseSize;
        return new(
            name, batch, () => new Gan(options), () => Images().Reshape(1, Side, Side),
            // Each network goes forward twice or three times; a generator's first image and a discriminator's last have no gradient.
            () => new MatrixProducts()
                .Forward(batch, noise, Features(channels)).ConvolutionOutputs(batch, Side, channels)
                .Training(batch, noise, Features(channels)).Convolutions(batch, Side, channels).ConvolutionInputs(batch, Side, channels[0])
                .Convolutions(2 * batch, Side, channels).Training(2 * batch, Features(channels), 1).Inputs(2 * batch, Features(channels), 1)
                .ConvolutionOutputs(batch, Side, channels).Forward(batch, Features(channels), 1)
                .Inputs(batch, Features(channels), 1).ConvolutionOutputs(batch, Side, channels));
    }

    private static long Features(int[] channels) => channels[^1] * (long)(Side >> channels.Length) * (Side >> channels.Length);

    private static Workload Sampling(string name, int samples) => Vae(name, 1, 20, Activation.Relu, 400) with
    {
        Floor = () => new MatrixProducts().Forward(SamplingChunk, 20, 400, 784).Times(samples / SamplingChunk),
        Repeated = model =>
        {
            var generator = RandomGenerator.For(0, RandomStreams.Noise);
            return () =>
            {
                using var scope = torch.NewDisposeScope();
                return model.Sample(samples, generator).narrow(0, 0, 1_000).mean().item<float>();
            };
        },
    };

    private static Workload LogLikelihood(string name, int images, ImportanceSamplingOptions options) => Vae(name, 1, 20, Activation.Relu, 400) with
    {
        Floor = () => new MatrixProducts().Forward(options.ChunkSize, 20, 400, 784).Times(images * options.Samples / options.ChunkSize),
        Repeated = model =>
        {
            var examples = DataSets.Load("fashion-mnist").Train.Take(images);
            return () => ImportanceSampling.Estimate((Vae)model, examples, options).LogLikelihood.Mean;
        },
    };

    private static Workload Gan(string name, int batch, Func<IExampleSource> examples, GanOptions options)
    {
        long[] generator = [options.NoiseSize, .. options.Generator.Widths, options.ExampleSize];
        long[] discriminator = [options.ExampleSize, .. options.Discriminator.Widths, 1];
        return new(
            name, batch, () => new Gan(options), examples,
            () => new MatrixProducts()
                .Forward(batch, generator).Training(batch, generator)
                .Maxout(options.Discriminator.MaxoutPieces).Training(2 * batch, discriminator).Forward(batch, discriminator).Inputs(batch, discriminator));
    }

    private static Workload Autoencoder(string name, bool tied) => new(
        name, 128, () => new Autoencoder(new AutoencoderOptions { Hidden = [128], CodeSize = 32, TiedWeights = tied }), Images,
        () => new MatrixProducts().Training(128, 784, 128, 32, 128, 784));

    private static HiddenLayers Layers(Activation activation, params int[] widths) => new() { Widths = [.. widths], Activation = activation };

    private static IExampleSource Images() => DataSets.Load("fashion-mnist").Train;
}
