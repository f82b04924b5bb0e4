using GenModels.Data;
using GenModels.Networks;
using GenModels.Testing;

namespace GenModels.Tests.Models;

public class AutoencoderContractTests : GenerativeModelContract
{
    private static AutoencoderOptions Options(ulong seed) => new() { ExampleShape = [2, 3], Hidden = [8], CodeSize = 2, Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => Fitted(new Autoencoder(Options(seed)));

    protected override IGenerativeModel CreateWithOwnNetworks() => Fitted(new Autoencoder(
        Options(1),
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)),
        torch.nn.Sequential(torch.nn.Linear(2, 6))));

    protected override IGenerativeModel CreateWithAverage() => Fitted(new Autoencoder(Options(1) with { WeightAverage = 0.7 }));

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => Fitted(new Autoencoder(
        Options(1) with { Corruption = new MaskingCorruption() },
        torch.nn.Sequential(new Flatten(), torch.nn.Linear(6, 8), new Dropout(0.3, dropout), torch.nn.Linear(8, 2)),
        torch.nn.Sequential(torch.nn.Linear(2, 6))));

    // Fitted once, and not by training.
    protected override bool IsLearned(string name) => !name.StartsWith("density.", StringComparison.Ordinal);

    private static Autoencoder Fitted(Autoencoder model)
    {
        model.FitDensity(Examples.Source(40, [2, 3]));
        return model;
    }
}

/// <summary>The same of an autoencoder with convolutions.</summary>
public class ConvolutionalAutoencoderContractTests : GenerativeModelContract
{
    private static AutoencoderOptions Options(ulong seed) => new()
    {
        ExampleShape = [1, 2, 4],
        Hidden = [],
        CodeSize = 2,
        Convolutions = new() { Channels = [3] },
        Seed = seed,
    };

    protected override IGenerativeModel Create(ulong seed = 1) => Fitted(new Autoencoder(Options(seed)));

    protected override IGenerativeModel CreateWithAverage() => Fitted(new Autoencoder(Options(1) with { WeightAverage = 0.7 }));

    protected override bool IsLearned(string name) => !name.StartsWith("density.", StringComparison.Ordinal);

    private static Autoencoder Fitted(Autoencoder model)
    {
        model.FitDensity(Examples.Source(40, [1, 2, 4]));
        return model;
    }
}

/// <summary>The same of an autoencoder that is conditional on a class.</summary>
public class ConditionalAutoencoderContractTests : GenerativeModelContract
{
    private static AutoencoderOptions Options(ulong seed) =>
        new() { ExampleShape = [2, 3], Hidden = [8], CodeSize = 2, Condition = Condition.Classes(3), Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => Fitted(new Autoencoder(Options(seed)));

    protected override IGenerativeModel CreateWithOwnNetworks() => Fitted(new Autoencoder(
        Options(1),
        torch.nn.Sequential(torch.nn.Linear(9, 8), torch.nn.Tanh(), torch.nn.Linear(8, 2)),
        torch.nn.Sequential(torch.nn.Linear(5, 6))));

    protected override IGenerativeModel CreateWithAverage() => Fitted(new Autoencoder(Options(1) with { WeightAverage = 0.7 }));

    protected override IGenerativeModel CreateWithDropout(RandomGenerator dropout) => Fitted(new Autoencoder(
        Options(1) with { Corruption = new MaskingCorruption() },
        torch.nn.Sequential(torch.nn.Linear(9, 8), new Dropout(0.3, dropout), torch.nn.Linear(8, 2)),
        torch.nn.Sequential(torch.nn.Linear(5, 6))));

    // Fitted once, and not by training.
    protected override bool IsLearned(string name) => !name.StartsWith("density.", StringComparison.Ordinal);

    private static Autoencoder Fitted(Autoencoder model)
    {
        model.FitDensity(Examples.Source(42, [2, 3]).WithLabels([.. Enumerable.Range(0, 42).Select(i => i % 3)]));
        return model;
    }
}
