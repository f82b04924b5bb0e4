using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests;

public class GanRingTests
{
    private const int Modes = 8;
    private const double Deviation = 0.01;

    [Fact]
    public void R1_finds_all_eight_modes_of_the_ring()
    {
        const int steps = 2500;
        var adam = new AdamOptions { LearningRate = 1e-3, Beta1 = 0.5, Schedule = ExponentialSchedule.To(1.0 / 3, steps) };
        using var gan = new Gan(new GanOptions
        {
            ExampleShape = [2],
            NoiseSize = 16,
            OutputActivation = Activation.Identity,
            Generator = new HiddenLayers { Widths = [128, 128] },
            Discriminator = new HiddenLayers { Widths = [128, 128], Activation = Activation.LeakyRelu },
            R1 = 0.1,
            GeneratorOptimizer = adam,
            DiscriminatorOptimizer = adam,
        });
        using var generator = new torch.Generator(100);
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            gan.TrainStep(Ring(256, generator));
        }
        using var scope = torch.NewDisposeScope();
        float[] samples = gan.Sample(2500, generator).data<float>().ToArray();
        var good = samples.Chunk(2).Select(p => (Mode: Nearest(p), Distance: Distance(p, Nearest(p)))).Where(p => p.Distance < 3 * Deviation).ToList();
        good.Select(p => p.Mode).Distinct().Should().HaveCount(Modes);
        // Samples spread evenly along the circle would be good in 8·0.06/2π = 8 % of cases.
        good.Count.Should().BeGreaterThan(samples.Length / 2 / 8);
        gan.Health.Diversity.Should().BeGreaterThan(0.9);
    }

    /// <summary>Normals at the corners of an octagon (PacGAN, Lin et al. 2018, section 4.1).</summary>
    private static torch.Tensor Ring(int count, torch.Generator generator)
    {
        float[] centres = [.. torch.rand(count, generator: generator).data<float>().ToArray().SelectMany(u => Centre((int)(u * Modes))).Select(c => (float)c)];
        return torch.tensor(centres, [count, 2]) + torch.randn(count, 2, generator: generator) * Deviation;
    }

    private static double[] Centre(int mode) => [Math.Cos(2 * Math.PI * mode / Modes), Math.Sin(2 * Math.PI * mode / Modes)];

    private static int Nearest(float[] point) => Enumerable.Range(0, Modes).MinBy(mode => Distance(point, mode));

    private static double Distance(float[] point, int mode) => Math.Sqrt(point.Zip(Centre(mode), (a, b) => (a - b) * (a - b)).Sum());
}
