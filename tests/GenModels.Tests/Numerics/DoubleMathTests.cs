using GenModels.Numerics;

namespace GenModels.Tests.Numerics;

public class DoubleMathTests
{
    // Four roundings of 2⁻⁵³ each: of the argument, the polynomial, the sum and the runtime's own.
    private const double Tolerance = 4.0 / (1L << 53);

    [Theory]
    [InlineData(-700, 700)]
    [InlineData(-1, 1)]
    [InlineData(-1e-9, 1e-9)]
    public void The_exponential_is_that_of_the_runtime(double from, double to)
    {
        for (int i = 0; i <= 10_000; i++)
        {
            double x = from + (to - from) * i / 10_000;
            DoubleMath.Exp(x).Should().BeApproximately(Math.Exp(x), Tolerance * Math.Exp(x), "of {0}", x);
        }
    }

    [Fact]
    public void Beyond_the_range_of_doubles_it_is_0_infinite_or_nothing()
    {
        foreach (double x in new[] { -1e300, -800, 800, double.PositiveInfinity, double.NegativeInfinity, double.NaN })
            DoubleMath.Exp(x).Should().Be(Math.Exp(x));
        DoubleMath.Exp(-740).Should().BeApproximately(Math.Exp(-740), double.Epsilon, "denormal numbers are rounded twice");
        DoubleMath.Exp(0).Should().Be(1);
    }

    [Fact]
    public void The_logarithm_is_that_of_the_runtime()
    {
        for (int i = -3_000; i <= 3_000; i++)
        {
            double x = Math.Exp(i * 0.1), expected = Math.Log(x);
            // Near 1 the logarithm is as exact as the difference from 1, which is exact.
            DoubleMath.Log(x).Should().BeApproximately(expected, Tolerance * Math.Max(Math.Abs(expected), 1e-300), "of {0}", x);
        }
        foreach (double x in new[] { 0, -1, double.Epsilon, double.PositiveInfinity, double.NaN }) DoubleMath.Log(x).Should().Be(Math.Log(x));
    }

    [Theory]
    [InlineData(0.999, 1_000)]
    [InlineData(0.9, 7)]
    [InlineData(0.5, 2_000)]
    [InlineData(3, 0)]
    [InlineData(0, 0)]
    public void A_power_is_that_of_the_runtime(double x, long n) =>
        // Each of the n factors is rounded once at most.
        DoubleMath.Power(x, n).Should().BeApproximately(Math.Pow(x, n), (n + 1) * Math.Pow(x, n) / (1L << 53));

    [Fact]
    public void The_cosine_of_half_turns_is_that_of_the_runtime()
    {
        // The runtime's argument of up to π is rounded twice.
        const double ofArgument = 2 * Math.PI / (1L << 53);
        for (int i = 0; i <= 10_000; i++)
            DoubleMath.CosineOfHalfTurns(i / 10_000.0).Should().BeApproximately(Math.Cos(Math.PI * i / 10_000), Tolerance + ofArgument, "of {0}", i);
        DoubleMath.CosineOfHalfTurns(0).Should().Be(1);
        DoubleMath.CosineOfHalfTurns(1).Should().Be(-1);
    }
}
