using GenModels.Data;
using GenModels.Distributions;

namespace GenModels.Tests.Models;

public class SampleChunksTests
{
    [Theory]
    [InlineData(1, 4_096)]
    [InlineData(8_192, 4_096)]
    [InlineData(10, 3)]
    [InlineData(int.MaxValue, 1 << 28)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue - 1)]
    public void Chunks_follow_one_another_and_cover_the_count(int count, int size)
    {
        long end = 0;
        foreach (var (start, length) in SampleChunks.Of(count, size))
        {
            start.Should().Be((int)end);
            length.Should().BeInRange(1, size);
            end += length;
        }
        end.Should().Be(count);
    }

    public static TheoryData<string> Kinds => ["vae", "observations", "gan", "uniform noise", "autoencoder", "classes"];

    [Theory, MemberData(nameof(Kinds))]
    public void Chunks_are_what_one_call_draws(string kind)
    {
        // Two chunks, of which the first is as large as the smaller call.
        const int chunk = 4_096, count = chunk + 70;
        using var scope = torch.NewDisposeScope();
        using var model = Make(kind);
        RandomGenerator generator = new(3), same = new(3);
        var (all, few) = (Draw(count, generator), Draw(chunk, same));
        generator.Step.Should().Be(same.Step, "chunks take no steps of their own");
        // A sigmoid of libtorch's rounds otherwise where a pack is not full.
        (all.narrow(0, 0, chunk) - few).abs().max().item<float>().Should().BeLessThan(1e-6f);
        if (kind != "classes") (all.narrow(0, chunk, 70) - few.narrow(0, 0, 70)).abs().max().item<float>().Should().BeGreaterThan(1e-3f, "the second chunk draws other rows");
        same.Step = 0;
        if (kind == "vae")
            (((Vae)model).Decode(same.Normal([count, 4])) - all).abs().max().item<float>().Should().BeLessThan(1e-6f, "a number depends on its row");

        torch.Tensor Draw(int number, RandomGenerator source) =>
            kind == "observations" ? ((Vae)model).SampleObservations(number, source) : model.Sample(number, source, Labels(number));

        // The second chunk has labels of other classes than the first.
        torch.Tensor? Labels(int number) => kind != "classes" ? null : torch.tensor([.. Enumerable.Range(0, number).Select(i => i < chunk ? i % 2L : 2)]);
    }

    [Fact]
    public void What_belongs_to_no_row_is_other_in_every_chunk_too()
    {
        var draws = new List<(float Filled, double Doubled, ulong Bits, int First)>();
        using var scope = torch.NewDisposeScope();
        using var all = SampleChunks.Draw(3 * 4_096, 1, new RandomGenerator(1), (start, size) =>
        {
            var generator = new RandomGenerator(1) { FirstRow = start };
            float[] filled = new float[1];
            double[] doubled = new double[1];
            generator.FillUniform(filled);
            generator.FillNormal(doubled);
            draws.Add((filled[0], doubled[0], generator.Sequence().NextBits(), generator.Permutation(1_000)[0]));
            return torch.zeros(size, 1);
        });
        draws.Should().OnlyHaveUniqueItems();
        draws.Select(d => d.Filled).Should().OnlyHaveUniqueItems();
        draws.Select(d => d.Doubled).Should().OnlyHaveUniqueItems();
        draws.Select(d => d.Bits).Should().OnlyHaveUniqueItems();
    }

    private static IGenerativeModel Make(string kind)
    {
        switch (kind)
        {
            case "autoencoder":
                var autoencoder = new Autoencoder(new AutoencoderOptions { ExampleShape = [3], Hidden = [5], CodeSize = 3 });
                autoencoder.FitDensity(Examples.Source(50, [3]));
                return autoencoder;
            case "classes":
                var classes = new Autoencoder(new AutoencoderOptions { ExampleShape = [3], Hidden = [5], CodeSize = 3, Condition = Condition.Classes(3) });
                classes.FitDensity(Examples.Source(60, [3]).WithLabels([.. Enumerable.Range(0, 60).Select(i => i % 3)]), new DensityOptions { Components = 2 });
                return classes;
            case "gan":
                return new Gan(new GanOptions { ExampleShape = [3], NoiseSize = 3 });
            case "uniform noise":
                return new Gan(new GanOptions { ExampleShape = [3], NoiseSize = 3, Noise = NoiseDistribution.Uniform });
            default:
                return new Vae(new VaeOptions { ExampleShape = [3], Hidden = [5], LatentSize = 4, Likelihood = new GaussianLikelihood() });
        }
    }
}
