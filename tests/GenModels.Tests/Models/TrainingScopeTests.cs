using GenModels.Data;
using GenModels.Networks;
using GenModels.Training;

namespace GenModels.Tests.Models;

/// <summary>What trains beside the models, of which the contract tests say the same.</summary>
public class TrainingScopeTests
{
    [Fact]
    public void A_classifier_trains_where_the_caller_records_no_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var (digits, _) = DataSets.Digits();
        (double Loss, float[] Weight) Train(IDisposable? mode)
        {
            using var inMode = mode;
            using var classifier = new ImageClassifier(new ClassifierOptions { ExampleShape = [64], Hidden = new HiddenLayers { Widths = [16], BatchNorm = true }, Seed = 3 });
            var history = Trainer.Fit(classifier, digits, new FitOptions { Epochs = 2, BatchSize = 256 });
            return (history.Last.Train["loss"], classifier.State["network.0.weight"].Values());
        }
        var (expectedLoss, expected) = Train(null);
        var (loss, weight) = Train(torch.no_grad());
        loss.Should().Be(expectedLoss);
        weight.Should().Equal(expected);
    }

    [Theory]
    [InlineData(RegressionObjective.Likelihood)]
    [InlineData(RegressionObjective.LeastSquares)]
    public void A_regressor_trains_where_the_caller_records_no_gradients(RegressionObjective objective)
    {
        using var scope = torch.NewDisposeScope();
        var options = new StochasticRegressorOptions { Inputs = 2, Outputs = 1, Hidden = [8], Objective = objective };
        using StochasticRegressor expected = new(options), regressor = new(options);
        var (x, y) = (Examples.Batch(16, [2]), Examples.Batch(16, [1], seed: 2));
        for (int step = 0; step < 3; step++)
        {
            double loss = expected.TrainStep(x, y);
            using var noGrad = torch.no_grad();
            regressor.TrainStep(x, y).Should().Be(loss);
        }
    }

    [Fact]
    public void In_inference_mode_neither_of_them_trains_without_saying_so()
    {
        using var scope = torch.NewDisposeScope();
        using var regressor = new StochasticRegressor(new StochasticRegressorOptions { Inputs = 2, Outputs = 1, Hidden = [8] });
        using var classifier = new ImageClassifier(new ClassifierOptions { ExampleShape = [64] });
        var (x, y) = (Examples.Batch(16, [2]), Examples.Batch(16, [1], seed: 2));
        var (digits, _) = DataSets.Digits();
        using var inference = torch.inference_mode();
        foreach (var train in new Action[] { () => regressor.TrainStep(x, y), () => Trainer.Fit(classifier, digits, new FitOptions { Epochs = 1 }) })
            train.Should().Throw<InvalidOperationException>().WithMessage("*inference_mode*");
    }
}
