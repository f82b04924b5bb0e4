using GenModels.Networks;
using GenModels.Optimization;
using TorchSharp;

namespace GenModels.Samples;

/// <summary>A model of encoded rows, and how rows are drawn from it.</summary>
internal sealed record Synthesis(IGenerativeModel Model, Func<int, ulong, torch.Tensor> Draw) : IDisposable
{
    public static Synthesis Of(string model, int columns, long steps, ulong seed, torch.Device device) => model == "gan" ? OfGan(columns, steps, seed, device) : OfVae(columns, seed, device);

    public void Dispose() => Model.Dispose();

    private static Synthesis OfVae(int columns, ulong seed, torch.Device device)
    {
        var vae = new Vae(
            new VaeOptions
            {
                ExampleShape = [columns],
                LatentSize = columns,
                Hidden = [128, 128],
                Likelihood = new GaussianLikelihood { StandardDeviation = 0.3, Learned = true },
                Seed = seed,
            }, device);
        // Sample gives the means of p(x|z), which spread less than the data; a row is a draw.
        return new Synthesis(vae, (count, drawn) => vae.SampleObservations(count, drawn));
    }

    private static Synthesis OfGan(int columns, long steps, ulong seed, torch.Device device)
    {
        // The two networks circle around their equilibrium at a constant rate, so it falls to 1/30.
        var adam = new AdamOptions { LearningRate = 1e-3, Beta1 = 0.5, Schedule = ExponentialSchedule.To(1.0 / 30, steps) };
        var gan = new Gan(
            new GanOptions
            {
                ExampleShape = [columns],
                NoiseSize = 2 * columns,
                OutputActivation = Activation.Identity,
                Generator = new HiddenLayers { Widths = [128, 128] },
                Discriminator = new HiddenLayers { Widths = [128, 128], Activation = Activation.LeakyRelu },
                R1 = 0.1,
                GeneratorOptimizer = adam,
                DiscriminatorOptimizer = adam,
                Seed = seed,
            }, device);
        return new Synthesis(gan, gan.Sample);
    }
}
