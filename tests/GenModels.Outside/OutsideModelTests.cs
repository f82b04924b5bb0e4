using GenModels.Samples;
using GenModels.Testing;

namespace GenModels.Outside;

public class AdversarialAutoencoderTests : GenerativeModelContract
{
    private static AdversarialAutoencoderOptions Options(ulong seed) => new() { ExampleShape = [2, 3], Hidden = [8], Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => new AdversarialAutoencoder(Options(seed));

    protected override IGenerativeModel CreateWithAverage() => new AdversarialAutoencoder(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel Load(string path) =>
        GenerativeModel.Load(path, (AdversarialAutoencoderOptions options) => new AdversarialAutoencoder(options));
}

public class WassersteinAutoencoderTests : GenerativeModelContract
{
    private static WassersteinOptions Options(ulong seed) => new() { ExampleShape = [6], Hidden = 8, CodeSize = 2, Seed = seed };

    protected override IGenerativeModel Create(ulong seed = 1) => new WassersteinAutoencoder(Options(seed));

    protected override IGenerativeModel CreateWithAverage() => new WassersteinAutoencoder(Options(1) with { WeightAverage = 0.7 });

    protected override IGenerativeModel Load(string path) =>
        GenerativeModel.Load(path, (WassersteinOptions options) => new WassersteinAutoencoder(options));
}
