using GenModels.Data;
using GenModels.Networks;
using GenModels.Testing;

namespace GenModels.Tests.Models;

public class GanContractTests : GenerativeModelContract
{
    private static GanOptions Options(ulong seed) => new()
    {
        ExampleShape = [2, 3],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [8] },
        Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.LeakyRelu },
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => new Gan(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Gan(
        Options(1),
        torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 6), torch.nn.Sigmoid()),
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)));

    protected override IGenerativeModel CreateWithAverage() => new Gan(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) =>
        new Gan(Options(1) with { Generator = new HiddenLayers { Widths = [8], Dropout = 0.3 }, Discriminator = new HiddenLayers { Widths = [8], InputDropout = 0.2 } });
}

/// <summary>The same of a GAN with convolutions, whose discriminator sees packs of two images and their classes.</summary>
public class ConvolutionalGanContractTests : GenerativeModelContract
{
    private static readonly ConvolutionalLayers Convolutions = new() { Channels = [3], BatchNorm = true };

    private static GanOptions Options(ulong seed) => new()
    {
        ExampleShape = [1, 2, 4],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [], Convolutions = Convolutions },
        Discriminator = new HiddenLayers { Widths = [5], Activation = Activation.LeakyRelu, Convolutions = Convolutions with { Channels = [4] } },
        Packing = 2,
        R1 = 1,
        Condition = Condition.Classes(3),
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => new Gan(Options(seed));

    protected override IGenerativeModel CreateWithAverage() => new Gan(Options(1) with { WeightAverage = 0.7 });

    protected override bool IsLearned(string name) => !name.Contains("running", StringComparison.Ordinal);
}

/// <summary>The same of a GAN with everything that needs a state or a graph of its own.</summary>
public class PackedGanContractTests : GenerativeModelContract
{
    private static GanOptions Options(ulong seed) => new()
    {
        ExampleShape = [6],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [8], BatchNorm = true },
        Discriminator = new HiddenLayers { Widths = [8], MaxoutPieces = 3, InputDropout = 0.2, Dropout = 0.2 },
        DiscriminatorSteps = 2,
        Packing = 2,
        R1 = 1,
        Seed = seed,
    };

    protected override int StepsToChangeAll => 2;

    protected override IGenerativeModel Create(ulong seed = 1) => new Gan(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Gan(
        Options(1), torch.nn.Sequential(torch.nn.Linear(3, 6)), torch.nn.Sequential(torch.nn.Linear(12, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)));

    protected override IGenerativeModel CreateWithAverage() => new Gan(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => new Gan(
        Options(1), torch.nn.Sequential(torch.nn.Linear(3, 6), new Dropout(0.1, dropout)),
        torch.nn.Sequential(torch.nn.Linear(12, 8), torch.nn.Tanh(), new Dropout(0.3, dropout), torch.nn.Linear(8, 1)));
}

/// <summary>The same of a GAN that is conditional on a vector, with packs and penalties.</summary>
public class ConditionalGanContractTests : GenerativeModelContract
{
    private static GanOptions Options(ulong seed) => new()
    {
        ExampleShape = [2, 3],
        NoiseSize = 3,
        Generator = new HiddenLayers { Widths = [8] },
        Discriminator = new HiddenLayers { Widths = [8], Activation = Activation.LeakyRelu },
        Condition = Condition.Vectors(2),
        Packing = 2,
        R1 = 1,
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => new Gan(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Gan(
        Options(1), torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.Sigmoid()),
        torch.nn.Sequential(torch.nn.Linear(16, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)));

    protected override IGenerativeModel CreateWithAverage() => new Gan(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) =>
        new Gan(Options(1) with { Generator = new HiddenLayers { Widths = [8], Dropout = 0.3 }, Discriminator = new HiddenLayers { Widths = [8], InputDropout = 0.2 } });
}
