using GenModels.Data;
using GenModels.Distributions;

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

    [Fact]
    public void Large_examples_are_read_in_batches_of_bounded_memory()
    {
        using var scope = torch.NewDisposeScope();
        const int width = 1 << 20;
        var source = new Zeros(150, width);
        using var model = new Autoencoder(new AutoencoderOptions { ExampleShape = [width], CodeSize = 2, Hidden = [3] }, new Ends(), new Ones(width));
        model.FitAnomalyThreshold(source).Should().Be(width, "every value is off by one");
        source.Largest.Should().Be(64, "that many examples of 4 MiB take 256 MiB");

        source.Largest = 0;
        model.FitDensity(source, new DensityOptions()).Mixture.Mean(0).Should().Equal(0, 0);
        source.Largest.Should().Be(64);
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

    /// <summary>Examples of zeros, which remember how many of them were asked for at once.</summary>
    private sealed class Zeros(int count, long width) : IExampleSource
    {
        public int Count => count;

        public IReadOnlyList<long> ExampleShape => [width];

        public int Largest { get; set; }

        public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
        {
            Largest = Math.Max(Largest, indices.Length);
            destination.Clear();
        }
    }

    private sealed class Ends() : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Ends))
    {
        public override torch.Tensor forward(torch.Tensor input) => input.narrow(1, 0, 2);
    }

    private sealed class Ones(long width) : torch.nn.Module<torch.Tensor, torch.Tensor>(nameof(Ones))
    {
        public override torch.Tensor forward(torch.Tensor input) => torch.ones(input.shape[0], width);
    }
}
