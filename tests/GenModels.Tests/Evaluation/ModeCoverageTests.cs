using GenModels.Data;
using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public sealed class ModeCoverageTests : IDisposable
{
    private static readonly GaussianMixture2D Ring = GaussianMixture2D.Ring();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Points_at_known_places_are_counted_by_hand()
    {
        // Modes at 0, 1 and 5 on a line with σ = 0.1: two good points at the first, one at 2.9 σ and one at 3.1 σ of the second, one between.
        var samples = torch.tensor(new double[] { 0, 0.05, 1.29, 1.31, 4 }).view(5, 1);
        var coverage = ModeCoverage.Of(samples, torch.tensor(new double[] { 0, 1, 5 }).view(3, 1), 0.1);
        coverage.Should().BeEquivalentTo(
            new { Modes = 3, Covered = 2, HighQuality = 0.6, Counts = new long[] { 2, 2, 1 } });
        coverage.Ceiling.Should().BeApproximately(0.9973002, 1e-7, "that is what lies within 3 σ on a line");
        coverage.ReverseKl.Should().BeApproximately(0.8 * Math.Log(1.2) + 0.2 * Math.Log(0.6), 1e-14);
        $"{coverage}".Should().Be("2 of 3 modes, 60.0 % of the samples near one (the mixture itself: 99.7 %), reverse KL 0.044 nats");
    }

    [Fact]
    public void Samples_of_the_mixture_itself_score_the_ceiling()
    {
        const int n = 100_000;
        var coverage = ModeCoverage.Of(Ring.Sample(n, 1).ToTensor(0, n), Ring);
        coverage.Covered.Should().Be(8);
        coverage.Ceiling.Should().BeApproximately(1 - Math.Exp(-4.5), 1e-15);
        coverage.HighQuality.Should().BeApproximately(coverage.Ceiling, 4 * Math.Sqrt(Math.Exp(-4.5) / n));
        // 2n times the divergence is about χ² with 7 degrees of freedom; 35 has a probability of 1e−5.
        coverage.ReverseKl.Should().BeInRange(0, 35.0 / (2 * n));
    }

    [Fact]
    public void Collapse_to_one_mode_shows_beside_a_share_above_the_ceiling()
    {
        var one = torch.tensor(new float[] { 1, 0 }).expand(50, 2);
        var coverage = ModeCoverage.Of(one, Ring);
        (coverage.Covered, coverage.HighQuality).Should().Be((1, 1));
        coverage.ReverseKl.Should().BeApproximately(Math.Log(8), 1e-14);
    }

    [Fact]
    public void Samples_between_the_modes_cover_none()
    {
        var coverage = ModeCoverage.Of(torch.zeros(20, 2), Ring);
        (coverage.Covered, coverage.HighQuality).Should().Be((0, 0));
        var wrong = () => ModeCoverage.Of(torch.zeros(20, 3), Ring);
        wrong.Should().Throw<ArgumentException>().WithParameterName("samples").WithMessage("*3 features*2*");
    }
}
