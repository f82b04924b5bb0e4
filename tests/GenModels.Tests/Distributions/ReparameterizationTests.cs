using GenModels.Distributions;
using GenModels.Networks;

namespace GenModels.Tests.Distributions;

public class ReparameterizationTests
{
    private const double Mu = 0.7, Sigma = 1.3;

    public static TheoryData<string, double> Expectations => new()
    {
        { "y²", Mu * Mu + Sigma * Sigma },
        { "tanh", double.NaN },
        { "eʸᐟ²", Math.Exp(Mu / 2 + Sigma * Sigma / 8) },
    };

    [Theory, MemberData(nameof(Expectations))]
    public void The_expectation_over_draws_of_y_is_that_over_noise_pushed_through_the_map(string name, double closedForm)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(1);
        const int n = 200_000;
        Func<torch.Tensor, torch.Tensor> f = name switch { "y²" => y => y.square(), "tanh" => y => y.tanh(), _ => y => (y * 0.5).exp() };

        var direct = f(Mu + Sigma * generator.Normal([n, 1], torch.float64));
        using var q = Normal(n, Mu, Sigma);
        var pushed = f(q.Transform(q.Noise(generator)));

        double error = Math.Sqrt((direct.var([0], unbiased: true).item<double>() + pushed.var([0], unbiased: true).item<double>()) / n);
        pushed.mean().item<double>().Should().BeApproximately(direct.mean().item<double>(), 4 * error);
        if (!double.IsNaN(closedForm)) pushed.mean().item<double>().Should().BeApproximately(closedForm, 4 * error);
    }

    [Fact]
    public void Gradients_of_a_draw_reach_mean_and_deviation()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(2);
        var (mean, logVariance) = (torch.zeros(3, 2).requires_grad_(), torch.ones(3, 2).requires_grad_());
        var q = new DiagonalGaussian(mean, logVariance);
        var z = Reparameterization.Sample(q, generator);
        var gradients = torch.autograd.grad([z.sum()], [mean, logVariance]);

        gradients[0].allclose(torch.ones(3, 2)).Should().BeTrue("z = μ + σ·ε");
        gradients[1].allclose((z - mean).detach() * 0.5).Should().BeTrue("∂z/∂log σ² = ½·σ·ε");
    }

    [Fact]
    public void A_discrete_distribution_is_refused_with_the_reason_and_the_alternative()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(3);
        using var discrete = new IndependentBernoulli(torch.zeros(1, 2));
        foreach (var use in new Action[]
        {
            () => Reparameterization.Sample(discrete, generator),
            () => GradientEstimators.Pathwise(discrete, z => z.sum(1), 10, generator),
        })
            use.Should().Throw<ArgumentException>().WithParameterName("distribution")
                .WithMessage("*IndependentBernoulli*continuous distribution*ScoreFunction*");
    }

    [Fact]
    public void The_joint_form_learns_its_free_parameters_through_its_draws()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(4);
        using var q = new FreeGaussian(2);
        q.named_parameters().Select(p => p.name).Should().Equal("mean", "log_variance");
        // min E (y − (3, −1))² − log σ: the mean is (3, −1), and 2σ² = 1.
        var target = torch.tensor(new[] { 3f, -1f });
        torch.Tensor[] parameters = [.. q.parameters()];
        for (int i = 0; i < 1_500; i++)
        {
            using var step = torch.NewDisposeScope();
            using var drawn = q.call(64);
            var objective = (drawn.Sample(generator) - target).square().sum(1).mean() - 0.5 * drawn.LogVariance.sum(1).mean();
            var gradients = torch.autograd.grad([objective], parameters);
            using var noGrad = torch.no_grad();
            for (int p = 0; p < 2; p++) parameters[p].add_(gradients[p], -0.02);
        }
        // The gradient's noise, some σ²/64 a step, leaves a standard deviation of about √(0.02·0.5/64) ≈ 0.0125.
        parameters[0].allclose(target, 0, 0.05).Should().BeTrue();
        parameters[1].allclose(torch.full([2], Math.Log(0.5)), 0, 0.1).Should().BeTrue();
    }

    [Fact]
    public void The_conditional_form_has_one_network_for_both_heads_or_one_for_each()
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(5);
        ConditionalGaussian Make(EncoderLayout layout) => new(3, [8], 2, layout, Activation.Tanh, Initialization.Default, generator);
        using var shared = Make(EncoderLayout.SharedTrunk);
        using var separate = Make(EncoderLayout.SeparateNetworks);
        shared.parameters().Sum(p => p.numel()).Should().Be(3 * 8 + 8 + 8 * 4 + 4);
        separate.parameters().Sum(p => p.numel()).Should().Be(2 * (3 * 8 + 8 + 8 * 2 + 2));

        var x = generator.Normal([5, 3]);
        foreach (var (network, tensors) in new[] { (shared, 4), (separate, 8) })
        {
            torch.Tensor[] parameters = [.. network.parameters()];
            parameters.Should().HaveCount(tensors);
            using var q = network.call(x);
            q.Mean.shape.Should().Equal(5, 2);
            // log σ² reaches two layers in both arrangements: of separate networks, those of μ have no part in it.
            var gradients = torch.autograd.grad([q.LogVariance.sum()], parameters);
            gradients.Count(g => g.abs().max().item<float>() > 0).Should().Be(4);
        }
    }

    private static DiagonalGaussian Normal(long n, double mean, double deviation) => new(
        torch.full([n, 1], mean, dtype: torch.float64), torch.full([n, 1], 2 * Math.Log(deviation), dtype: torch.float64));
}
