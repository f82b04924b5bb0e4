using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public class RowKernelTests
{
    /// <summary>Rows of y, how many of them share one x, and columns around the widths of vectors and of the product's parts.</summary>
    public static TheoryData<int, int, int> Sizes => new() { { 1, 1, 1 }, { 6, 2, 7 }, { 6, 3, 16 }, { 4, 4, 33 }, { 12, 3, 961 }, { 200, 100, 784 } };

    [Theory, MemberData(nameof(Sizes))]
    public void Bernoulli_rows_equal_their_twin(int rows, int group, int columns)
    {
        using var scope = torch.NewDisposeScope();
        var (logits, x) = (Arrays.Normal(rows * columns, 1, scale: 8).view(rows, columns), Examples.Batch(rows / group, [columns], seed: 2));
        Same(BernoulliRows.Fused(logits, x), BernoulliRows.Twin(logits.to(torch.float64), x.to(torch.float64)));
    }

    [Fact]
    public void Bernoulli_rows_stay_finite_for_logits_of_any_size()
    {
        using var scope = torch.NewDisposeScope();
        float[] logits = [-1e30f, -90, -1e-8f, 0, 1e-8f, 90, 1e30f];
        var right = torch.tensor([.. logits.Select(l => l > 0 ? 1f : 0f)]).view(1, -1);
        // The four small ones cost log 2 each where x is the likelier value or neither is.
        BernoulliRows.Fused(torch.tensor(logits).view(1, -1), right)[0].Should().BeApproximately(-3 * Math.Log(2), 1e-6);
        double.IsNaN(BernoulliRows.Fused(torch.full([1, 20], float.NaN), torch.zeros(1, 20))[0]).Should().BeTrue();
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Squared_error_rows_equal_their_twin(int rows, int group, int columns)
    {
        using var scope = torch.NewDisposeScope();
        var (y, x) = (Arrays.Normal(rows * columns, 3).view(rows, columns), Arrays.Normal(rows / group * columns, 4).view(rows / group, columns));
        Same(SquaredErrorRows.Fused(y, x), SquaredErrorRows.Twin(y.to(torch.float64), x.to(torch.float64)));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Gaussian_proposal_equals_its_twin(int rows, int group, int latent)
    {
        using var scope = torch.NewDisposeScope();
        var heads = Arrays.Normal(2 * latent * (rows / group), 5).view(rows / group, 2 * latent);
        var epsilon = Arrays.Normal(rows * latent, 6).view(rows, latent);
        var (z, ratios) = GaussianProposal.Fused(heads, epsilon);
        var (twinZ, twinRatios) = GaussianProposal.Twin(heads.to(torch.float64), epsilon.to(torch.float64));
        z.view(-1).ShouldMatch(twinZ.to(torch.float32).view(-1), 8, floor: 4);
        // The terms have both signs: what is rounded is larger than what is left, by up to z² ≈ 100 a dimension.
        Same(ratios, twinRatios, floor: 100 * latent);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Weighted_gradients_equal_their_twins(int rows, int group, int columns)
    {
        using var scope = torch.NewDisposeScope();
        var (y, x) = (Arrays.Normal(rows * columns, 1, scale: 3).view(rows, columns), Examples.Batch(rows / group, [columns], seed: 2));
        float[] weights = Arrays.Normal(rows, 7).Values();
        BernoulliRows.FusedGradient(y, x, weights).view(-1).ShouldMatch(BernoulliRows.TwinGradient(y, x, weights).view(-1), 8, floor: 1);
        SquaredErrorRows.FusedGradient(y, x, weights).view(-1).ShouldMatch(SquaredErrorRows.TwinGradient(y, x, weights).view(-1), 4);

        var heads = Arrays.Normal(2 * columns * (rows / group), 5).view(rows / group, 2 * columns);
        var (epsilon, dz) = (Arrays.Normal(rows * columns, 6).view(rows, columns), Arrays.Normal(rows * columns, 8).view(rows, columns));
        // Up to 100 rows of both signs add up to one value.
        GaussianProposal.FusedGradient(heads, epsilon, y, dz, weights).view(-1)
            .ShouldMatch(GaussianProposal.TwinGradient(heads, epsilon, y, dz, weights).view(-1), 8, floor: 30 * Math.Sqrt(group));
    }

    // Sums in single precision: a few dozen roundings of partial sums, of which few go the same way.
    private static void Same(double[] actual, double[] expected, double floor = 1) =>
        actual.Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 1e-6 * Math.Max(Math.Abs(e), floor));
}
