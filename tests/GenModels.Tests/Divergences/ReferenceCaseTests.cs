using GenModels.Divergences;
using Xunit.Abstractions;

namespace GenModels.Tests.Divergences;

public class ReferenceCaseTests(ITestOutputHelper output)
{
    private const double UnitInTheLastPlace = 2.220446049250313e-16;

    private delegate double Measure(ReadOnlySpan<double> p, ReadOnlySpan<double> q, bool normalize);

    private static readonly Measure[] Measures =
    [
        (p, _, normalize) => Divergence.Entropy(p, normalize: normalize),
        (p, q, normalize) => Divergence.CrossEntropy(p, q, normalize: normalize),
        (p, q, normalize) => Divergence.KullbackLeibler(p, q, normalize: normalize),
        (p, q, normalize) => Divergence.JensenShannon(p, q, normalize: normalize),
        (p, q, normalize) => Divergence.JensenShannonDistance(p, q, normalize: normalize),
    ];

    [Fact]
    public void There_are_a_thousand_cases_of_four_kinds()
    {
        ReferenceCase.All.Should().HaveCount(1000);
        ReferenceCase.All.GroupBy(c => c.Kind).Select(kind => (kind.Key, kind.Count())).Should().BeEquivalentTo(
            [("ordinary", 250), ("nearly_equal", 250), ("nearly_disjoint", 250), ("denormal", 250)]);
    }

    [Theory]
    [InlineData(0, "entropy")]
    [InlineData(1, "cross-entropy")]
    [InlineData(2, "KL divergence")]
    [InlineData(3, "JS divergence")]
    [InlineData(4, "JS distance")]
    public void The_relative_error_is_at_most_1e_12_and_never_worse_than_SciPys(int measure, string name)
    {
        double worst = 0, scipysWorst = 0;
        foreach (var c in ReferenceCase.All)
        {
            var reference = c.Values[measure];
            double error = reference.RelativeErrorOf(Measures[measure](c.P, c.Q, c.Normalize));
            double scipys = reference.RelativeErrorOf(reference.SciPy);

            error.Should().BeLessThanOrEqualTo(1e-12, "that is the bound for {0} ({1})", name, c.Kind);
            // Both within a few roundings is a tie.
            error.Should().BeLessThanOrEqualTo(Math.Max(scipys, 4 * UnitInTheLastPlace), "SciPy's {0} is that good ({1})", name, c.Kind);
            (worst, scipysWorst) = (Math.Max(worst, error), Math.Max(scipysWorst, scipys));
        }
        output.WriteLine($"{name}: largest relative error {worst:g3}, SciPy's {scipysWorst:g3}");
    }
}
