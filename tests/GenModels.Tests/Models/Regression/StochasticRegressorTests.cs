using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels.Tests.Models;

public class StochasticRegressorTests
{
    private static double Mean(double x) => Math.Sin(2 * x);

    private static double Deviation(double x) => 0.1 + 0.15 * (x + 1.5);

    [Theory]
    [InlineData(EncoderLayout.SharedTrunk)]
    [InlineData(EncoderLayout.SeparateNetworks)]
    public void Likelihood_recovers_mean_and_spread(EncoderLayout layout)
    {
        using var scope = torch.NewDisposeScope();
        using var regressor = Trained(RegressionObjective.Likelihood, layout);
        foreach (var (x, mean, deviation) in Predictions(regressor))
        {
            // A tenth of the 8,000 examples or more decide a prediction: standard errors of σ/√800 and σ/√1,600, and as much again for the
            // network's smoothness and the last steps' noise, within three of them.
            mean.Should().BeApproximately(Mean(x), 6 * Deviation(x) / Math.Sqrt(800), "at {0}", x);
            deviation.Should().BeApproximately(Deviation(x), 6 * Deviation(x) / Math.Sqrt(1_600), "at {0}", x);
        }
    }

    [Fact]
    public void Least_squares_on_samples_recovers_the_mean_and_loses_the_spread()
    {
        using var scope = torch.NewDisposeScope();
        using var regressor = Trained(RegressionObjective.LeastSquares, EncoderLayout.SharedTrunk);
        foreach (var (x, mean, deviation) in Predictions(regressor))
        {
            mean.Should().BeApproximately(Mean(x), 6 * Deviation(x) / Math.Sqrt(800), "at {0}", x);
            deviation.Should().BeLessThan(0.15 * Deviation(x), "at {0}", x);
        }
    }

    [Theory]
    [InlineData(RegressionObjective.LeastSquares)]
    [InlineData(RegressionObjective.Likelihood)]
    public void The_loss_of_a_step_is_the_objective(RegressionObjective objective)
    {
        using var scope = torch.NewDisposeScope();
        using var regressor = new StochasticRegressor(new() { Inputs = 2, Outputs = 3, Objective = objective, Seed = 5 });
        var (x, y) = (torch.ones(4, 2) * 0.5, torch.ones(4, 3));
        var noise = RandomGenerator.For(5, RandomStreams.Noise);
        using var prediction = regressor.Predict(x);
        double expected = objective == RegressionObjective.Likelihood
            ? -prediction.LogProbability(y).mean().item<float>()
            : (y - prediction.Sample(noise)).square().sum().item<float>() / 4;
        regressor.TrainStep(x, y).Should().BeApproximately(expected, 1e-5 * Math.Abs(expected));
    }

    [Fact]
    public void Draws_repeat_with_the_seed_and_nothing_is_left_behind()
    {
        using var scope = torch.NewDisposeScope();
        using var regressor = new StochasticRegressor(new());
        var (x, y) = (torch.ones(4, 1), torch.ones(4, 1));
        float[] Draw(ulong seed)
        {
            using var inner = torch.NewDisposeScope();
            var generator = new RandomGenerator(seed);
            regressor.Predict(x).Dispose();
            return regressor.Sample(x, generator).data<float>().ToArray();
        }
        regressor.TrainStep(x, y);
        Draw(1).Should().Equal(Draw(1)).And.NotEqual(Draw(2));
        long total = Tensors.CountSettled();
        for (int i = 0; i < 5; i++) regressor.TrainStep(x, y);
        Draw(3);
        torch.Tensor.TotalCount.Should().Be(total);
    }

    [Fact]
    public void Wrong_input_is_named_and_dispose_ends_every_use()
    {
        using var scope = torch.NewDisposeScope();
        var regressor = new StochasticRegressor(new() { Inputs = 2 });
        var width = () => regressor.TrainStep(torch.ones(4, 3), torch.ones(4, 1));
        width.Should().Throw<ArgumentException>().WithParameterName("x").WithMessage("*[4, 3]*[examples, 2]*");
        var rows = () => regressor.TrainStep(torch.ones(4, 2), torch.ones(3, 1));
        rows.Should().Throw<ArgumentException>().WithParameterName("y").WithMessage("*3 rows of y for 4 of x*");
        var settings = () => new StochasticRegressor(new() { Hidden = [0] });
        settings.Should().Throw<ArgumentException>().WithParameterName("Hidden");

        regressor.Dispose();
        regressor.Dispose();
        foreach (var use in new Action[] { () => regressor.TrainStep(torch.ones(4, 2), torch.ones(4, 1)), () => regressor.Predict(torch.ones(4, 2)) })
            use.Should().Throw<ObjectDisposedException>();
    }

    /// <summary>A regressor trained on y = sin 2x + σ(x)·ε with x uniform in [−1.5, 1.5].</summary>
    private static StochasticRegressor Trained(RegressionObjective objective, EncoderLayout layout)
    {
        var generator = new RandomGenerator(1);
        var x = generator.Uniform([8_000, 1]) * 3 - 1.5;
        var y = (x * 2).sin() + (0.1 + 0.15 * (x + 1.5)) * generator.Normal([8_000, 1]);
        var regressor = new StochasticRegressor(
            new() { Hidden = [32], Objective = objective, Layout = layout, Optimizer = new AdamOptions { LearningRate = 1e-2 } });
        for (int i = 0; i < 1_200; i++)
        {
            using var step = torch.NewDisposeScope();
            regressor.TrainStep(x, y);
        }
        return regressor;
    }

    private static IEnumerable<(double X, double Mean, double Deviation)> Predictions(StochasticRegressor regressor)
    {
        double[] at = [-1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2];
        using var prediction = regressor.Predict(torch.tensor(at, dtype: torch.float32).unsqueeze(1));
        return at.Zip(prediction.Mean.data<float>().ToArray(), (prediction.LogVariance * 0.5).exp().data<float>().ToArray())
            .Select(p => (p.First, (double)p.Second, (double)p.Third)).ToList();
    }
}
