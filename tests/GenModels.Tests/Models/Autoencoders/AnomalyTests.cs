namespace GenModels.Tests.Models;

public class AnomalyTests
{
    private static readonly AutoencoderOptions Small = new() { ExampleShape = [6], Hidden = [5], CodeSize = 3, Seed = 4 };

    [Fact]
    public void Scores_before_a_threshold_is_fitted_say_what_to_call()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        model.AnomalyThreshold.Should().BeNull();
        foreach (var use in new Action[] { () => model.IsAnomaly(Examples.Batch(2, [6])), () => model.AnomalyScore(Examples.Batch(2, [6])) })
            use.Should().Throw<InvalidOperationException>().WithMessage("*FitAnomalyThreshold*");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void The_share_of_training_examples_above_the_threshold_is_one_minus_the_quantile(double quantile)
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small);
        var x = Examples.Batch(1_700, [6]);
        double threshold = model.FitAnomalyThreshold(Examples.Of(x), quantile);
        float[] errors = model.ReconstructionError(x).Values();

        // The example at the threshold itself may fall on either side, since its error is computed here in another batch.
        double above = model.IsAnomaly(x).to(torch.float64).mean().item<double>();
        above.Should().BeApproximately(1 - quantile, 1.01 / 1_700);
        errors.Count(e => e > threshold * (1 + 1e-6)).Should().Be((int)Math.Round((1 - quantile) * 1_700));
        model.AnomalyThreshold.Should().Be(threshold);
        model.AnomalyScore(x).Values().Should().Equal(errors.Select(e => (float)(e / threshold)), (a, b) => Math.Abs(a - b) <= 2e-7f * b);
    }

    [Fact]
    public void Examples_unlike_those_of_training_are_anomalies()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Autoencoder(Small with { Hidden = [] });
        // A plane of three dimensions, which three codes hold, against all of space.
        var usual = Examples.Batch(500, [3]).matmul(Examples.Batch(3, [6], seed: 2));
        for (int i = 0; i < 1_500; i++) model.TrainStep(usual);
        model.FitAnomalyThreshold(Examples.Of(usual), 0.99);

        model.IsAnomaly(Examples.Batch(200, [6], seed: 3)).to(torch.float32).mean().item<float>().Should().BeGreaterThan(0.9f);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Quantiles_outside_zero_to_one_are_rejected(double quantile)
    {
        using var model = new Autoencoder(Small);
        var fit = () => model.FitAnomalyThreshold(Examples.Of(Examples.Batch(4, [6])), quantile);
        fit.Should().Throw<ArgumentOutOfRangeException>().WithParameterName("quantile").WithMessage("*[0, 1]*");
    }
}
