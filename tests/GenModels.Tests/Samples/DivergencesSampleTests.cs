namespace GenModels.Tests.Samples;

public class DivergencesSampleTests
{
    [Theory]
    [InlineData("e", "nats", "0.6931")]
    [InlineData("2", "bits", "1.0000")]
    [InlineData("10", "hartleys", "0.3010")]
    public void The_tables_show_what_theory_says(string logBase, string unit, string log2)
    {
        var (status, output, error) = Run("--base", logBase);
        (status, error).Should().Be((0, ""));
        output.Should().Contain($"in {unit}");

        double scale = Math.Log(double.Parse(logBase == "e" ? $"{Math.E:R}" : logBase));
        double[] p = [0.5, 0.25, 0.25], q = [0.125, 0.125, 0.75];
        string Kl(double[] a, double[] b) => $"{a.Zip(b, (x, y) => x * Math.Log(x / y)).Sum() / scale:F4}";
        Cells(output, "KL = ").Should().Equal("0.0000", Kl(p, q), Kl(q, p), "∞");
        Cells(output, "Jensen-Shannon").Last().Should().Be(log2);
        Cells(output, "generalised KL").Should().Equal(
            "0.0000", $"{2 * Math.Log(2) + 3 * Math.Log(0.75):F4}", $"{-Math.Log(2) + 4 * Math.Log(4 / 3.0):F4}");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void Both_gradient_estimators_agree_and_the_seed_decides_them()
    {
        string[] Gradient(string seed) => Cells(Run("--seed", seed).Output, "μ");
        double[] figures = Array.ConvertAll(Gradient("1"), double.Parse);
        var (exact, score, scoreVariance, pathwise, variance) = (figures[0], figures[1], figures[2], figures[3], figures[4]);
        exact.Should().Be(3);
        // Five standard errors of a mean of 100,000 draws.
        score.Should().BeApproximately(exact, 5 * Math.Sqrt(scoreVariance / 1e5));
        pathwise.Should().BeApproximately(exact, 5 * Math.Sqrt(variance / 1e5));
        scoreVariance.Should().BeGreaterThan(10 * variance);
        Gradient("1").Should().Equal(Gradient("1")).And.NotEqual(Gradient("2"));
    }

    [Theory]
    [InlineData("'3'", "--base", "3")]
    [InlineData("'x'", "--seed", "x")]
    [InlineData("--nonsense", "--nonsense")]
    public void Bad_arguments_are_one_line_and_status_two(string message, params string[] arguments)
    {
        var (status, output, error) = Run(arguments);
        (status, output).Should().Be((2, ""));
        error.Should().StartWith("divergences: ").And.Contain(message);
        error.TrimEnd().Should().NotContain("\n");
    }

    /// <summary>The figures of the table row with a name.</summary>
    private static string[] Cells(string output, string name) =>
        output.Split('\n').Single(line => line.StartsWith($"│ {name}", StringComparison.Ordinal)).Split('│', StringSplitOptions.TrimEntries)[2..^1];

    private static (int Status, string Output, string Error) Run(params string[] arguments) => SampleProcess.Run("Divergences", arguments);
}
