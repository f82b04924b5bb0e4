// Trains small models of dense layers and of convolutions and prints the SHA-256 of the file of each. The tests run it on other numbers of
// threads, other vectors and other kernels of libtorch, and compare. The first argument is the number of threads, the second, if there is one,
// the floats of a vector; errors tell how wide the vectors are.
using System.Globalization;
using System.Security.Cryptography;
using GenModels;
using GenModels.Data;
using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;
using TorchSharp;

torch.set_num_threads(int.Parse(args[0], CultureInfo.InvariantCulture));
if (args.Length > 1) VectorWidth.Floats = int.Parse(args[1], CultureInfo.InvariantCulture);
Console.Error.WriteLine($"{32 * VectorWidth.Floats} bits");
var folder = Directory.CreateTempSubdirectory("genmodels-");
try
{
    var (train, test) = DataSets.Digits();
    foreach (var (name, make) in Models())
    {
        using var model = make();
        long[] shape = [.. model.Options.ExampleShape];
        Trainer.Fit(model, train.Reshape(shape), new FitOptions { Epochs = 1, BatchSize = 128, Seed = 3 }, test.Reshape(shape));
        string path = Path.Combine(folder.FullName, name);
        model.Save(path);
        Console.WriteLine($"{name} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}");
    }
}
finally
{
    folder.Delete(recursive: true);
}

// Widths at which several threads share the work; every activation, loss, corruption and optimizer that dense networks have kernels for.
static IEnumerable<(string Name, Func<IGenerativeModel> Make)> Models() =>
[
    ("autoencoder", () => new Autoencoder(new()
    {
        ExampleShape = [64],
        Hidden = [256, 96],
        CodeSize = 8,
        Activation = Activation.Tanh,
        OutputActivation = Activation.Sigmoid,
        Corruption = new GaussianCorruption { StandardDeviation = 0.1 },
        Seed = 1,
    })),
    ("autoencoder-tied", () => new Autoencoder(new()
    {
        ExampleShape = [64],
        Hidden = [256],
        CodeSize = 8,
        TiedWeights = true,
        Initialization = Initialization.Glorot,
        Loss = ReconstructionLoss.Bernoulli,
        Corruption = new MaskingCorruption { Probability = 0.2 },
        Optimizer = new SgdOptions
        {
            LearningRate = 0.01,
            Momentum = 0.9,
            ClipNorm = 1,
            Schedule = new WarmUpSchedule { Steps = 5, Then = new CosineSchedule { Steps = 30 } },
        },
        Seed = 2,
    })),
    ("vae", () => new Vae(new()
    {
        ExampleShape = [64],
        Hidden = [256],
        LatentSize = 10,
        Likelihood = new BernoulliLikelihood { Binarize = true },
        WeightAverage = 0.99,
        Seed = 3,
    })),
    ("vae-importance", () => new Vae(new()
    {
        ExampleShape = [64],
        Hidden = [96],
        LatentSize = 5,
        ImportanceSamples = 5,
        Likelihood = new GaussianLikelihood { StandardDeviation = 0.3, Learned = true },
        Initialization = Initialization.He,
        Optimizer = new AdamOptions { Schedule = new ExponentialSchedule { Factor = 0.99 } },
        Seed = 4,
    })),
    ("vae-importance-bernoulli", () => new Vae(new() { ExampleShape = [64], Hidden = [96], LatentSize = 5, ImportanceSamples = 3, Seed = 5 })),
    ("vae-conditional", () => new Vae(new()
    {
        ExampleShape = [64],
        Hidden = [96, 48],
        LatentSize = 5,
        Activation = Activation.Elu,
        Encoder = EncoderLayout.SeparateNetworks,
        Condition = Condition.Classes(10),
        BetaSchedule = new WarmUpSchedule { Steps = 8, Start = 0 },
        FreeBits = 0.1,
        Seed = 8,
    })),
    ("gan-penalties", () => new Gan(new()
    {
        ExampleShape = [64],
        NoiseSize = 16,
        Generator = new() { Widths = [128], BatchNorm = true },
        Discriminator = new() { Widths = [96, 64], Activation = Activation.Softplus },
        Objective = GanObjective.Wasserstein,
        R1 = 0.5,
        Condition = Condition.Classes(10),
        Seed = 9,
    })),
    ("gan", () => new Gan(new()
    {
        ExampleShape = [64],
        NoiseSize = 16,
        Generator = new() { Widths = [128, 256] },
        Discriminator = new() { Widths = [256, 128], Activation = Activation.LeakyRelu },
        Seed = 6,
    })),
    ("gan-maxout", () => new Gan(new()
    {
        ExampleShape = [64],
        NoiseSize = 16,
        Noise = NoiseDistribution.Uniform,
        Packing = 2,
        Generator = new() { Widths = [128], Dropout = 0.1 },
        Discriminator = new() { Widths = [64, 64], MaxoutPieces = 5, InputDropout = 0.2, Dropout = 0.5 },
        GeneratorOptimizer = new SgdOptions { LearningRate = 0.02, Momentum = 0.5 },
        DiscriminatorOptimizer = new SgdOptions { LearningRate = 0.01, Momentum = 0.5 },
        WeightAverage = 0.9,
        Seed = 7,
    })),
    ("vae-convolutional", () => new Vae(new()
    {
        ExampleShape = [1, 8, 8],
        Hidden = [],
        LatentSize = 10,
        Convolutions = new() { Channels = [24, 40] },
        Condition = Condition.Classes(10),
        Seed = 10,
    })),
    ("gan-convolutional", () => new Gan(new()
    {
        ExampleShape = [1, 8, 8],
        NoiseSize = 16,
        Generator = new() { Widths = [50], Convolutions = new() { Channels = [24, 40], BatchNorm = true } },
        Discriminator = new() { Widths = [30], Activation = Activation.LeakyRelu, Convolutions = new() { Channels = [24, 40], BatchNorm = true, Kernel = 2 } },
        WeightAverage = 0.9,
        Seed = 11,
    })),
];
