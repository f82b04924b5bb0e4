using GenModels.Data;
using GenModels.Networks;
using GenModels.Testing;

namespace GenModels.Tests.Models;

public class VaeContractTests : GenerativeModelContract
{
    private static VaeOptions Options(ulong seed) => new() { ExampleShape = [2, 3], Hidden = [8], LatentSize = 2, Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => new Vae(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Vae(
        Options(1),
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), torch.nn.Tanh()),
        torch.nn.Sequential(torch.nn.Linear(2, 6)));

    protected override IGenerativeModel CreateWithAverage() => new Vae(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => new Vae(
        Options(1),
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), new Dropout(0.3, dropout)),
        torch.nn.Sequential(torch.nn.Linear(2, 6)));
}

/// <summary>The same of a VAE with convolutions.</summary>
public class ConvolutionalVaeContractTests : GenerativeModelContract
{
    private static VaeOptions Options(ulong seed) => new()
    {
        ExampleShape = [1, 2, 4],
        Hidden = [5],
        LatentSize = 2,
        Convolutions = new() { Channels = [3], BatchNorm = true },
        Activation = Activation.Tanh,
        Condition = Condition.Classes(3),
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => new Vae(Options(seed));

    protected override IGenerativeModel CreateWithAverage() => new Vae(Options(1) with { WeightAverage = 0.7 });

    protected override bool IsLearned(string name) => !name.Contains("running", StringComparison.Ordinal);
}

/// <summary>The same of a VAE that is conditional on a class, with several draws for each example.</summary>
public class ConditionalVaeContractTests : GenerativeModelContract
{
    private static VaeOptions Options(ulong seed) =>
        new() { ExampleShape = [2, 3], Hidden = [8], LatentSize = 2, Condition = Condition.Classes(3), ImportanceSamples = 2, Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => new Vae(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Vae(
        Options(1), torch.nn.Sequential(torch.nn.Linear(9, 8), torch.nn.Tanh()), torch.nn.Sequential(torch.nn.Linear(5, 6)));

    protected override IGenerativeModel CreateWithAverage() => new Vae(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => new Vae(
        Options(1) with { ImportanceSamples = 1 },
        torch.nn.Sequential(torch.nn.Linear(9, 8), new Dropout(0.3, dropout)),
        torch.nn.Sequential(torch.nn.Linear(5, 6)));
}

/// <summary>The same of a VAE whose decoder gives more values than an example has: mixtures for pixels in color.</summary>
public class LogisticMixtureVaeContractTests : GenerativeModelContract
{
    private static VaeOptions Options(ulong seed) => new()
    {
        ExampleShape = [3, 1, 2],
        Hidden = [8],
        LatentSize = 2,
        Likelihood = new DiscretizedLogisticMixtureLikelihood { Components = 2, Channels = 3 },
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => new Vae(Options(seed));

    protected override IGenerativeModel CreateWithOwnNetworks() => new Vae(
        Options(1), torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), torch.nn.Tanh()), torch.nn.Sequential(torch.nn.Linear(2, 40)));

    protected override IGenerativeModel CreateWithAverage() => new Vae(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => new Vae(
        Options(1) with { ImportanceSamples = 2 },
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), new Dropout(0.3, dropout)),
        torch.nn.Sequential(torch.nn.Linear(2, 40)));
}
