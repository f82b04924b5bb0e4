using GenModels.Kernels;
using GenModels.Numerics;

namespace GenModels.Tests.Kernels;

public class BinarizationTests
{
    [Fact]
    public void Zeros_and_ones_stay_and_nothing_else_is_drawn()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(3);
        float[] x = [.. Enumerable.Range(0, 30_001).Select(i => i % 3 == 0 ? 0f : i % 3 == 1 ? 1f : 0.5f)];
        float[] drawn = Binarization.Draw(torch.tensor(x), generator).Values();
        drawn.Should().OnlyContain(v => v == 0 || v == 1);
        for (int i = 0; i < x.Length; i++)
            if (x[i] != 0.5f) drawn[i].Should().Be(x[i]);
    }

    [Theory]
    [InlineData(0.001f)]
    [InlineData(0.3f)]
    [InlineData(0.97f)]
    public void A_value_is_the_probability_of_a_one(float probability)
    {
        const int count = 400_000;
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(5);
        var drawn = Binarization.Draw(torch.full([count], probability), generator);
        double error = Math.Sqrt(probability * (1 - probability) / count);
        drawn.mean().item<float>().Should().BeApproximately(probability, (float)(4.5 * error));
        // Neighbours share a number of the source, half of its bits each.
        var (even, odd) = (drawn.view(-1, 2).select(1, 0), drawn.view(-1, 2).select(1, 1));
        double both = (even * odd).mean().item<float>(), expected = probability * probability;
        both.Should().BeApproximately(expected, 4.5 * Math.Sqrt(expected * (1 - expected) / (count / 2)) + 1e-9);
    }

    [Fact]
    public void The_bits_are_those_of_SplitMix64_of_the_generators_draw()
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(7);
        using var same = new torch.Generator(7);
        var x = Examples.Batch(3, [5]);
        float[] drawn = Binarization.Draw(x, generator).Values(), values = x.Values();
        ulong state = BitConverter.DoubleToUInt64Bits(torch.rand(1, dtype: torch.float64, generator: same).item<double>()), bits = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bits = i % 2 == 0 ? Xoshiro256.SplitMix64(ref state) : bits >> 32;
            drawn[i].Should().Be(((uint)bits >> 8) / 16777216.0 < values[i] ? 1 : 0, "value {0}", i);
        }
        Binarization.Draw(x, generator).Values().Should().NotEqual(drawn, "each call draws anew");
    }
}
