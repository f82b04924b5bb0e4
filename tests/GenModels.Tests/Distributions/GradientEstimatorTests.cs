using GenModels.Distributions;
using Xunit.Abstractions;

namespace GenModels.Tests.Distributions;

public class GradientEstimatorTests(ITestOutputHelper output)
{
    private const double Mu = 1.5, Sigma = 0.8, Variance = Sigma * Sigma;
    private const int Samples = 200_000;

    /// <summary>f, f', and ∇ E f(y) with respect to μ and log σ².</summary>
    private sealed record Function(
        Func<torch.Tensor, torch.Tensor> OfTensor, Func<double, double> Of, Func<double, double> Derivative, double[] Gradient);

    private static readonly Dictionary<string, Function> Functions = new()
    {
        ["y²"] = new(z => z.square().sum(1), y => y * y, y => 2 * y, [2 * Mu, Variance]),
        ["tanh y"] = new(z => z.tanh().sum(1), Math.Tanh, y => 1 - Math.Tanh(y) * Math.Tanh(y), [double.NaN, double.NaN]),
        ["eʸ"] = new(
            z => z.exp().sum(1), Math.Exp, Math.Exp, [Math.Exp(Mu + Variance / 2), Variance / 2 * Math.Exp(Mu + Variance / 2)]),
    };

    [Theory]
    [InlineData("y²")]
    [InlineData("tanh y")]
    [InlineData("eʸ")]
    public void Both_estimators_are_unbiased_and_agree_and_the_pathwise_one_varies_far_less(string name)
    {
        var f = Functions[name];
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        using var q = new DiagonalGaussian(
            torch.full([1, 1], Mu, dtype: torch.float64), torch.full([1, 1], Math.Log(Variance), dtype: torch.float64));
        using var score = GradientEstimators.ScoreFunction(q, f.OfTensor, Samples, generator);
        using var pathwise = GradientEstimators.Pathwise(q, f.OfTensor, Samples, generator);

        for (int parameter = 0; parameter < 2; parameter++)
        {
            bool ofMean = parameter == 0;
            // One draw's estimates as functions of ε: ∇ log q is ε/σ for μ and ½(ε² − 1) for log σ², ∇ y is 1 and ½σε.
            var exactScore = Moments(e => (ofMean ? e / Sigma : 0.5 * (e * e - 1)) * f.Of(Mu + Sigma * e));
            var exactPathwise = Moments(e => (ofMean ? 1 : 0.5 * Sigma * e) * f.Derivative(Mu + Sigma * e));
            exactScore.Mean.Should().BeApproximately(exactPathwise.Mean, 1e-9);
            if (!double.IsNaN(f.Gradient[parameter])) exactPathwise.Mean.Should().BeApproximately(f.Gradient[parameter], 1e-9);

            ShouldHave(score, parameter, exactScore);
            ShouldHave(pathwise, parameter, exactPathwise);
            double ratio = score.Variance[parameter].item<double>() / pathwise.Variance[parameter].item<double>();
            output.WriteLine(
                $"∇ E {name}, {(ofMean ? "μ" : "log σ²")}: {exactPathwise.Mean:F4}; score function {score.Mean[parameter].item<double>():F4} " +
                $"(variance {score.Variance[parameter].item<double>():F3}), pathwise {pathwise.Mean[parameter].item<double>():F4} " +
                $"(variance {pathwise.Variance[parameter].item<double>():F3})");
            ratio.Should().BeGreaterThan(5);
        }
    }

    [Fact]
    public void Variances_for_the_square_are_those_of_the_closed_form()
    {
        // μ⁴/σ² + 14μ² + 15σ² against 4σ² for μ; ½μ⁴ + 15μ²σ² + 18.5σ⁴ against μ²σ² + 2σ⁴ for log σ².
        double m2 = Mu * Mu, s2 = Variance;
        Moments(e => e / Sigma * Math.Pow(Mu + Sigma * e, 2)).Variance.Should().BeApproximately(m2 * m2 / s2 + 14 * m2 + 15 * s2, 1e-8);
        Moments(e => 2 * (Mu + Sigma * e)).Variance.Should().BeApproximately(4 * s2, 1e-8);
        Moments(e => 0.5 * (e * e - 1) * Math.Pow(Mu + Sigma * e, 2)).Variance
            .Should().BeApproximately(0.5 * m2 * m2 + 15 * m2 * s2 + 18.5 * s2 * s2, 1e-8);
        Moments(e => Sigma * e * (Mu + Sigma * e)).Variance.Should().BeApproximately(m2 * s2 + 2 * s2 * s2, 1e-8);
    }

    [Fact]
    public void The_score_function_serves_discrete_distributions()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(2);
        var logits = torch.tensor(new[,] { { 0.4, -1.2 }, { 2.0, 0.0 } });
        var a = torch.tensor(new[] { 3.0, -2.0 });
        using var q = new IndependentBernoulli(logits);
        using var estimate = GradientEstimators.ScoreFunction(q, z => (z * a).sum(1), Samples, generator);

        var p = logits.sigmoid();
        var error = (estimate.Mean[0] - a * p * (1 - p)).abs() / (estimate.Variance[0] / Samples).sqrt();
        error.max().item<double>().Should().BeLessThan(4);
        estimate.Mean[0].shape.Should().Equal(2, 2);
    }

    [Fact]
    public void A_function_that_ignores_the_draws_has_no_pathwise_gradient()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        using var q = new DiagonalGaussian(torch.zeros(1, 2), torch.zeros(1, 2));
        using var estimate = GradientEstimators.Pathwise(q, z => torch.ones(z.shape[0]), 10, generator);
        estimate.Mean.Concat(estimate.Variance).Should().OnlyContain(t => t.abs().max().item<double>() == 0);
    }

    [Fact]
    public void Estimates_repeat_with_the_seed_and_leave_the_parameters_and_no_tensor()
    {
        using var scope = torch.NewDisposeScope();
        using var q = new DiagonalGaussian(torch.zeros(1, 2).requires_grad_(), torch.zeros(1, 2));
        long total = Tensors.CountSettled();
        double Estimate()
        {
            using var inner = torch.NewDisposeScope();
            var generator = new RandomGenerator(4);
            using var estimate = GradientEstimators.ScoreFunction(q, z => z.sum(1), 100, generator);
            using var other = GradientEstimators.Pathwise(q, z => z.sum(1), 100, generator);
            return estimate.Mean[0].sum().item<double>();
        }
        Estimate().Should().Be(Estimate());
        torch.Tensor.TotalCount.Should().Be(total);
    }

    [Fact]
    public void Wrong_input_is_named()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(5);
        using var q = new DiagonalGaussian(torch.zeros(1, 2), torch.zeros(1, 2));
        var shape = () => GradientEstimators.Pathwise(q, z => z, 10, generator);
        shape.Should().Throw<ArgumentException>().WithParameterName("f").WithMessage("*[10, 2]*[10]*");
        var one = () => GradientEstimators.ScoreFunction(q, z => z.sum(1), 1, generator);
        one.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("samples");
    }

    private static void ShouldHave(GradientEstimate estimate, int parameter, (double Mean, double Variance, double Fourth) exact)
    {
        estimate.Mean[parameter].item<double>().Should().BeApproximately(exact.Mean, 4 * Math.Sqrt(exact.Variance / Samples));
        double errorOfVariance = Math.Sqrt((exact.Fourth - exact.Variance * exact.Variance) / Samples);
        estimate.Variance[parameter].item<double>().Should().BeApproximately(exact.Variance, 4 * errorOfVariance);
    }

    /// <summary>Mean, variance and fourth central moment of g(ε), ε ~ N(0, 1), by the trapezoidal rule, whose error vanishes here.</summary>
    private static (double Mean, double Variance, double Fourth) Moments(Func<double, double> g)
    {
        const double step = 1e-3;
        double Integral(Func<double, double> of) => Enumerable.Range(-14_000, 28_001).Select(i => i * step)
            .Sum(e => of(g(e)) * Math.Exp(-0.5 * e * e)) * step / Math.Sqrt(2 * Math.PI);
        double mean = Integral(v => v);
        return (mean, Integral(v => Math.Pow(v - mean, 2)), Integral(v => Math.Pow(v - mean, 4)));
    }
}
