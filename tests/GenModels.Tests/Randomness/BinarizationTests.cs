using GenModels.Randomness;

namespace GenModels.Tests.Randomness;

public class BinarizationTests
{
    [Fact]
    public void Zeros_and_ones_stay_and_nothing_else_is_drawn()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
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
        var generator = new RandomGenerator(5);
        var drawn = Binarization.Draw(torch.full([count], probability), generator);
        double error = Math.Sqrt(probability * (1 - probability) / count);
        drawn.mean().item<float>().Should().BeApproximately(probability, (float)(4.5 * error));
        // Neighbours are independent.
        var (even, odd) = (drawn.view(-1, 2).select(1, 0), drawn.view(-1, 2).select(1, 1));
        double both = (even * odd).mean().item<float>(), expected = probability * probability;
        both.Should().BeApproximately(expected, 4.5 * Math.Sqrt(expected * (1 - expected) / (count / 2)) + 1e-9);
    }

    [Fact]
    public void A_value_is_1_where_a_uniform_number_is_below_its_probability()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(7);
        var x = Examples.Batch(30, [5, 3]);
        float[] drawn = Binarization.Draw(x, generator).Values();
        drawn.Should().Equal(new RandomGenerator(7).Uniform([30, 5, 3]).lt(x).to(torch.float32).Values());
        Binarization.Draw(x, generator).Values().Should().NotEqual(drawn, "each call draws anew");
        Binarization.Draw(x.narrow(0, 10, 20), new RandomGenerator(7) { FirstRow = 10 }).Values().Should().Equal(drawn[150..]);
        Binarization.Draw(x.narrow(0, 0, 0), generator).shape.Should().Equal(0, 5, 3);
    }
}
