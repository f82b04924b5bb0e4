using GenModels.Data;
using GenModels.Evaluation;
using GenModels.Training;

namespace GenModels.Tests.Evaluation;

public sealed class LatentReportTests : IDisposable
{
    private readonly Vae _vae = new(new VaeOptions { ExampleShape = [3], Hidden = [], LatentSize = 3 });

    public void Dispose() => _vae.Dispose();

    [Fact]
    public void A_linear_encoder_has_the_figures_of_the_closed_form()
    {
        // μ = (2x₀, 0.05x₁ + 1, 0), log σ² = (−2, 0, 0.5), for x₀ and x₁ in {0, 1} equally often.
        _vae.Set("encoder.0.weight", [2, 0, 0, 0, 0.05, 0, 0, 0, 0, .. new double[9]]);
        _vae.Set("encoder.0.bias", 0, 1, 0, -2, 0, 0.5);
        var examples = new ArraySource([0, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1], 3);
        var report = LatentReport.Of(_vae, examples, new LatentReportOptions { BatchSize = 3 });

        void Is(int i, double kl, double variance, bool active, double mean, double aggregate)
        {
            var d = report.Dimensions[i];
            (d.Index, d.IsActive).Should().Be((i, active));
            new[] { d.Kl, d.MeanVariance, d.AggregateMean, d.AggregateVariance }.Should().Equal(
                [kl, variance, mean, aggregate], (a, e) => Math.Abs(a - e) < 1e-6);
        }
        Is(0, 0.5 * (2 + Math.Exp(-2) - 1 + 2), 1, true, 1, 1 + Math.Exp(-2));
        Is(1, 0.5 * (1 + 1.05 * 1.05) / 2, 0.0025 / 4, false, 1.025, 1 + 0.0025 / 4);
        Is(2, 0.5 * (Math.Exp(0.5) - 1 - 0.5), 0, false, 0, Math.Exp(0.5));
        report.ActiveUnits.Should().Be(1);
        report.Kl.Should().BeApproximately(report.Dimensions.Sum(d => d.Kl), 1e-12);
        $"{report}".Should().StartWith("1 of 3 latent dimensions are active, collapsed to the prior: 1, 2; KL ");
        LatentReport.Of(_vae, examples, new LatentReportOptions { ActiveThreshold = 1e-4 }).ActiveUnits.Should().Be(2);
    }

    [Fact]
    public void Codes_of_the_prior_have_no_discrepancy_and_are_named_a_collapse()
    {
        _vae.Set("encoder.0.weight", new double[18]);
        _vae.Set("encoder.0.bias", new double[6]);
        var report = LatentReport.Of(_vae, Examples.Source(3_000, [3]));
        report.PriorDiscrepancy.Mean.Should().BeApproximately(0, 6 * report.PriorDiscrepancy.StandardError);
        $"{report}".Should().StartWith("Posterior collapse: no latent dimension depends on the examples; KL 0.00 nats");

        _vae.Set("encoder.0.bias", 0.5, 0, 0, 0, 0, 0);
        var shifted = LatentReport.Of(_vae, Examples.Source(3_000, [3])).PriorDiscrepancy;
        shifted.Mean.Should().BeGreaterThan(20 * shifted.StandardError);
    }

    [Fact]
    public void Where_every_dimension_is_active_none_is_listed_and_the_KL_is_that_of_the_objective()
    {
        _vae.Set("encoder.0.weight", [3, 0, 0, 0, 3, 0, 0, 0, 3, .. new double[9]]);
        var report = LatentReport.Of(_vae, Examples.Source(500, [3]));
        $"{report}".Should().StartWith("All 3 latent dimensions are active; KL ");
        report.Kl.Should().BeApproximately(Trainer.Evaluate(_vae, Examples.Source(500, [3]))["kl"], 1e-5 * report.Kl);
    }

    [Fact]
    public void Wrong_arguments_are_named_and_nothing_is_left_behind()
    {
        var few = () => LatentReport.Of(_vae, new ArraySource([0, 0, 0], 3));
        few.Should().Throw<ArgumentException>().WithParameterName("examples");
        var shape = () => LatentReport.Of(_vae, Examples.Source(4, [2]));
        shape.Should().Throw<ArgumentException>().WithMessage("*[2]*[3]*");
        var threshold = () => LatentReport.Of(_vae, Examples.Source(4, [3]), new LatentReportOptions { ActiveThreshold = double.NaN });
        threshold.Should().Throw<ArgumentException>().WithParameterName("ActiveThreshold");

        long live = Tensors.CountSettled();
        LatentReport.Of(_vae, Examples.Source(40, [3]));
        torch.Tensor.TotalCount.Should().Be(live);
    }
}
