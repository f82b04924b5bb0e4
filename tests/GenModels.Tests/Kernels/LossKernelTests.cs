using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public class LossKernelTests
{
    // Two roundings of the function itself on each side, and four in combining its parts.
    private const double Ulps = 8;

    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void Bernoulli_pass_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var (logits, x) = (Arrays.Normal(length, 1, scale: 8), Examples.Batch(length, [], seed: 2));
        var (sum, gradient) = BernoulliLoss.Fused(logits, x, 0.25);
        var (twinSum, twinGradient) = BernoulliLoss.Twin(logits, x, 0.25);

        sum.Should().BeApproximately(twinSum, Math.Abs(twinSum) * 2e-6);
        gradient.ShouldMatch(twinGradient, Ulps, floor: 0.25);
    }

    [Fact]
    public void Bernoulli_loss_equals_its_definition_for_whole_targets()
    {
        using var scope = torch.NewDisposeScope();
        double[] logits = [-30, -2, -1e-6, 0, 0.5, 3, 40];
        foreach (double target in new[] { 0.0, 1.0 })
        {
            double expected = logits.Sum(l => target == 1 ? double.LogP1(Math.Exp(-l)) : l + double.LogP1(Math.Exp(-l)));
            var l = torch.tensor(logits, dtype: torch.float32);
            var (sum, gradient) = BernoulliLoss.Fused(l, torch.ones_like(l) * target, 1);
            sum.Should().BeApproximately(expected, expected * 1e-6);
            gradient.Values().Should().Equal(
                logits.Select(v => (float)(1 / (1 + Math.Exp(-v)) - target)), (a, b) => Math.Abs(a - b) <= 2.4e-7f);
        }
    }

    [Fact]
    public void A_logit_that_is_not_a_number_shows_in_the_loss()
    {
        using var scope = torch.NewDisposeScope();
        var logits = torch.zeros(40);
        logits.bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(
            Enumerable.Range(0, 40).Select(i => i == 20 ? float.NaN : 0f).ToArray().AsSpan());
        double.IsNaN(BernoulliLoss.Fused(logits, torch.zeros(40), 1).Sum).Should().BeTrue();
    }

    [Theory, MemberData(nameof(Arrays.Lengths), MemberType = typeof(Arrays))]
    public void Squared_error_pass_equals_its_twin(int length)
    {
        using var scope = torch.NewDisposeScope();
        var (y, x) = (Arrays.Normal(length, 3), Arrays.Normal(length, 4));
        var (sum, gradient) = SquaredError.Fused(y, x, 0.5);
        var (twinSum, twinGradient) = SquaredError.Twin(y, x, 0.5);

        sum.Should().BeApproximately(twinSum, twinSum * 2e-6);
        gradient.ShouldMatch(twinGradient, Ulps);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 20)]
    [InlineData(128, 2)]
    [InlineData(5, 50)]
    public void Latent_pass_equals_its_twin(int examples, int latent)
    {
        using var scope = torch.NewDisposeScope();
        var heads = Arrays.Normal(examples * 2 * latent, 5, scale: 2).view(examples, 2 * latent);
        var epsilon = Arrays.Normal(examples * latent, 6).view(examples, latent);
        var dz = Arrays.Normal(examples * latent, 7).view(examples, latent);
        float[] scales = [.. Enumerable.Range(0, latent).Select(i => 0.7f * i / latent)];
        var (z, kl) = GaussianLatent.Fused(heads, epsilon);
        var (twinZ, twinKl) = GaussianLatent.Twin(heads, epsilon);

        z.ShouldMatch(twinZ, 2 * Ulps, floor: 1);
        kl.Should().BeApproximately(twinKl, twinKl * 2e-6);
        foreach (var (of, twin) in GaussianLatent.FusedKl(heads).Zip(GaussianLatent.TwinKl(heads).sum([0L]).data<float>().ToArray()))
            of.Should().BeApproximately(twin, 2e-6 * examples * (1 + twin));
        GaussianLatent.FusedGradient(heads, epsilon, dz, scales)
            .ShouldMatch(GaussianLatent.TwinGradient(heads, epsilon, dz, scales), 2 * Ulps, floor: 1);
    }

    [Fact]
    public void Latent_gradient_equals_that_of_the_graph()
    {
        using var scope = torch.NewDisposeScope();
        var heads = Arrays.Normal(6 * 8, 8).view(6, 8).to(torch.float64).requires_grad_();
        var epsilon = Arrays.Normal(6 * 4, 9).view(6, 4).to(torch.float64);
        var (mean, logVariance) = (heads.narrow(1, 0, 4), heads.narrow(1, 4, 4));
        var z = mean + (logVariance * 0.5).exp() * epsilon;
        var kl = (mean.square() + logVariance.exp() - 1 - logVariance).sum() * 0.5;
        var objective = z.pow(3).sum() + kl * 0.25;
        var expected = torch.autograd.grad([objective], [heads])[0];

        var dz = z.detach().square() * 3;
        var actual = GaussianLatent.TwinGradient(heads.detach(), epsilon, dz, [.. Enumerable.Repeat(0.25f, (int)epsilon.shape[1])]);
        actual.allclose(expected, rtol: 1e-12, atol: 1e-12).Should().BeTrue();
    }

    [Fact]
    public void Value_range_finds_extremes_and_values_that_are_not_finite()
    {
        using var scope = torch.NewDisposeScope();
        for (int length = 1; length < 70; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => (float)((i * 37) % 101) - 50)];
            var range = ValueRange.Of(torch.tensor(values));
            (range.Least, range.Greatest, range.AllFinite).Should().Be((values.Min(), values.Max(), true));
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                values[length / 2] = bad;
                ValueRange.Of(torch.tensor(values)).AllFinite.Should().BeFalse();
                ValueRange.Twin(torch.tensor(values)).AllFinite.Should().BeFalse();
            }
        }
    }
}
