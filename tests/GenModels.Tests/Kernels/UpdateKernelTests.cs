using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public class UpdateKernelTests
{
    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void Interpolation_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var (average, value) = (Arrays.Normal(length, 1), Arrays.Normal(length, 2));
        var twin = average.clone();
        Interpolation.Fused(average, value, 0.125);
        Interpolation.Twin(twin, value, 0.125);
        // One rounding on the one side, two on the other.
        average.ShouldMatch(twin, ulps: 3, floor: 1);
    }

    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void Clipping_equals_its_twin(int length)
    {
        foreach (double limit in new[] { 0.25, double.PositiveInfinity })
        {
            using var scope = torch.NewDisposeScope();
            var x = Arrays.Normal(length, 3);
            var twin = x.clone();
            Clipping.Fused(x, 0.5, limit);
            Clipping.Twin(twin, 0.5, limit);
            x.Values().Should().Equal(twin.Values());
        }
    }

    [Fact]
    public void Clipping_keeps_what_is_not_a_number()
    {
        using var scope = torch.NewDisposeScope();
        var x = torch.full([20], float.NaN);
        Clipping.Fused(x, 0.5, 0.25);
        x.Values().Should().AllSatisfy(v => float.IsNaN(v).Should().BeTrue());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(130)]
    public void Column_variance_equals_its_twin(int rows)
    {
        using var scope = torch.NewDisposeScope();
        var x = Arrays.Normal(rows * 37, 4).view(rows, 37) + 3;
        var (variances, twin) = (new float[37], new float[37]);
        ColumnVariance.Fused(x, variances);
        ColumnVariance.Twin(x, twin);
        // Each sum over the rows errs by at most rows units of 2⁻²⁴, relative to values around 3 and deviations around 1.
        variances.Should().Equal(twin, (a, b) => Math.Abs(a - b) <= 4 * (rows + 4) * Math.Pow(2, -24) * (1 + b));
    }
}
