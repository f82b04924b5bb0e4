namespace GenModels.Tests.Models;

public class GanLossesTests
{
    private static readonly float[] Real = [-5, 1.4f, 12.5f, 2.7f];
    private static readonly float[] Generated = [10, 4.4f, -5.5f, 3.6f];

    // Values that the TensorFlow GAN library's tests state for these logits; the saturating loss is −mean softplus of the generated ones.
    [Theory]
    [InlineData(GanObjective.Saturating, 5.8338659, -4.5108209)]
    [InlineData(GanObjective.NonSaturating, 5.8338659, 1.3858209)]
    [InlineData(GanObjective.LeastSquares, 41.73375, 17.69625)]
    [InlineData(GanObjective.Wasserstein, 0.225, -3.125)]
    [InlineData(GanObjective.Hinge, 6.75, -3.125)]
    public void Losses_have_their_values(GanObjective objective, double discriminator, double generator)
    {
        // The terms and their sums are single precision: 12.5² · 6e−8 at most, a quarter of it in the mean, for a few roundings.
        GanLosses.Discriminator(objective, Real, Generated, new float[4], new float[4]).Should().BeApproximately(discriminator, 2e-6);
        GanLosses.Generator(objective, Generated, new float[4]).Should().BeApproximately(generator, 2e-6);
    }

    [Theory]
    [InlineData(GanObjective.Saturating, 1)]
    [InlineData(GanObjective.NonSaturating, 0.9)]
    [InlineData(GanObjective.LeastSquares, 0.8)]
    [InlineData(GanObjective.Wasserstein, 1)]
    [InlineData(GanObjective.Hinge, 1)]
    public void Losses_and_gradients_equal_those_of_the_definitions_under_autograd(GanObjective objective, double target)
    {
        using var scope = torch.NewDisposeScope();
        var (real, generated) = (Leaf(Real), Leaf(Generated));
        var (discriminator, generator) = Definition(objective, real, generated, target);
        var expected = torch.autograd.grad([discriminator], [real, generated], retain_graph: true);
        var ofGenerator = torch.autograd.grad([generator], [generated]);

        var (realGradient, generatedGradient, gradient) = (new float[4], new float[4], new float[4]);
        double loss = GanLosses.Discriminator(objective, Real, Generated, realGradient, generatedGradient, target);
        // Single precision: a dozen roundings of 6e−8 of the mean, or of the largest logits where the terms cancel.
        loss.Should().BeApproximately(discriminator.item<double>(), 7e-7 * Math.Max(12.5, Math.Abs(loss)));
        loss = GanLosses.Generator(objective, Generated, gradient);
        loss.Should().BeApproximately(generator.item<double>(), 7e-7 * Math.Max(12.5, Math.Abs(loss)));
        ShouldEqual(realGradient, expected[0]);
        ShouldEqual(generatedGradient, expected[1]);
        ShouldEqual(gradient, ofGenerator[0]);
    }

    [Fact]
    public void At_the_equilibrium_the_discriminators_loss_is_twice_log_2()
    {
        foreach (var objective in new[] { GanObjective.Saturating, GanObjective.NonSaturating })
            GanLosses.Discriminator(objective, [0, 0], [0], new float[2], new float[1]).Should().BeApproximately(2 * Math.Log(2), 2 * 1.2e-7, "log 2 is within two units in the last place");
    }

    [Theory]
    [InlineData(GanObjective.Saturating)]
    [InlineData(GanObjective.NonSaturating)]
    [InlineData(GanObjective.Hinge)]
    public void Logits_of_any_size_give_finite_losses_and_gradients(GanObjective objective)
    {
        float[] logits = [-1e30f, -1000, 1000, 1e30f];
        var (realGradient, generatedGradient, gradient) = (new float[4], new float[4], new float[4]);
        double.IsFinite(GanLosses.Discriminator(objective, logits, logits, realGradient, generatedGradient)).Should().BeTrue();
        double.IsFinite(GanLosses.Generator(objective, logits, gradient)).Should().BeTrue();
        realGradient.Concat(generatedGradient).Concat(gradient).Should().OnlyContain(g => Math.Abs(g) <= 0.25f);
    }

    [Theory]
    [InlineData(GanObjective.Saturating)]
    [InlineData(GanObjective.NonSaturating)]
    [InlineData(GanObjective.LeastSquares)]
    [InlineData(GanObjective.Wasserstein)]
    [InlineData(GanObjective.Hinge)]
    public void A_logit_that_is_not_a_number_shows_in_both_losses(GanObjective objective)
    {
        float[] logits = [0, float.NaN];
        double.IsNaN(GanLosses.Discriminator(objective, logits, [0], new float[2], new float[1])).Should().BeTrue();
        double.IsNaN(GanLosses.Discriminator(objective, [0], logits, new float[1], new float[2])).Should().BeTrue();
        double.IsNaN(GanLosses.Generator(objective, logits, new float[2])).Should().BeTrue();
    }

    [Fact]
    public void Gradients_of_another_length_no_logits_and_unknown_objectives_are_rejected()
    {
        foreach (var call in new Action[]
        {
            () => GanLosses.Generator(GanObjective.Hinge, [1, 2], new float[1]),
            () => GanLosses.Generator(GanObjective.Hinge, [], []),
            () => GanLosses.Discriminator(GanObjective.Hinge, [1], [1, 2], new float[1], new float[1]),
            () => GanLosses.Discriminator((GanObjective)9, [1], [1], new float[1], new float[1]),
        })
            call.Should().Throw<ArgumentException>().WithMessage("*expected*");
    }

    private static (torch.Tensor Discriminator, torch.Tensor Generator) Definition(
        GanObjective objective, torch.Tensor real, torch.Tensor generated, double target)
    {
        var (d, dg) = (real.sigmoid(), generated.sigmoid());
        var crossEntropy = -(d.log() * target + (1 - d).log() * (1 - target)).mean() - (1 - dg).log().mean();
        return objective switch
        {
            GanObjective.Saturating => (crossEntropy, (1 - dg).log().mean()),
            GanObjective.NonSaturating => (crossEntropy, -dg.log().mean()),
            GanObjective.LeastSquares => (0.5 * (real - target).square().mean() + 0.5 * generated.square().mean(), 0.5 * (generated - 1).square().mean()),
            GanObjective.Wasserstein => (generated.mean() - real.mean(), -generated.mean()),
            _ => ((1 - real).relu().mean() + (1 + generated).relu().mean(), -generated.mean()),
        };
    }

    private static torch.Tensor Leaf(float[] values) => torch.tensor(values).to(torch.float64).requires_grad_();

    // Six roundings of σ and two of the scale, and a target's own where the slope is a small difference from it.
    private static void ShouldEqual(float[] actual, torch.Tensor expected) =>
        actual.Should().Equal(expected.data<double>().ToArray(), (a, e) => Math.Abs(a - e) <= 5e-7 * Math.Abs(e) + 6e-8 / 4);
}
