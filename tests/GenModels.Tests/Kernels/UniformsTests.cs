using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public sealed unsafe class UniformsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(70_001)]
    public void The_bits_do_not_depend_on_the_number_of_threads(int count)
    {
        int threads = torch.get_num_threads();
        try
        {
            float[][] drawn = [.. new[] { 1, 2, 3 }.Select(number =>
            {
                torch.set_num_threads(number);
                return Draw(count);
            })];
            drawn[1].Should().Equal(drawn[0]);
            drawn[2].Should().Equal(drawn[0]);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void They_are_uniform_multiples_of_a_power_of_two()
    {
        const int count = 400_000, bins = 64;
        float[] drawn = Draw(count);
        drawn.Should().OnlyContain(u => u >= 0 && u < 1 && u * 16777216 == MathF.Floor(u * 16777216));
        double expected = (double)count / bins;
        double chiSquared = drawn.GroupBy(u => (int)(u * bins)).Sum(bin => Math.Pow(bin.Count() - expected, 2) / expected);
        // Mean bins − 1, variance 2·(bins − 1).
        chiSquared.Should().BeApproximately(bins - 1, 4.5 * Math.Sqrt(2 * (bins - 1)));
    }

    private static float[] Draw(int count)
    {
        using var generator = new torch.Generator(11);
        float[] drawn = new float[count];
        fixed (float* target = drawn) Uniforms.Fill(target, count, generator);
        return drawn;
    }
}
