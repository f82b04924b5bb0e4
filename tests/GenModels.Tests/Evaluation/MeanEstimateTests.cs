using GenModels.Evaluation;

namespace GenModels.Tests.Evaluation;

public class MeanEstimateTests
{
    [Fact]
    public void The_error_is_that_of_the_mean()
    {
        var estimate = MeanEstimate.Of([1, 2, 3, 6]);
        estimate.Mean.Should().Be(3);
        // Squares about the mean 4 + 1 + 0 + 9, over n − 1 and n.
        estimate.StandardError.Should().BeApproximately(Math.Sqrt(14.0 / 3 / 4), 1e-15);
        MeanEstimate.Of([5]).StandardError.Should().Be(double.NaN);
    }

    [Fact]
    public void No_values_are_refused() =>
        FluentActions.Invoking(() => MeanEstimate.Of([])).Should().Throw<ArgumentException>().WithMessage("There are no values, expected at least one.*");
}
