using GenModels.Training;

namespace GenModels.Tests.Training;

public class TrainingHistoryTests
{
    private static readonly EpochRecord First = new(
        1, new Dictionary<string, double> { ["loss"] = 2.5, ["kl"] = 1 }, new Dictionary<string, double>(), TimeSpan.FromSeconds(1), 100);

    [Fact]
    public void A_figure_that_no_epoch_has_is_named_with_those_that_there_are()
    {
        var second = First with { Epoch = 2, Test = new Dictionary<string, double> { ["loss"] = 3 } };
        var history = new TrainingHistory([First, second]);
        history.Train("kl").Should().Equal(1, 1);
        history.Test("loss").Should().Equal(double.NaN, 3);
        var misspelt = () => history.Train("losss");
        misspelt.Should().Throw<ArgumentException>().WithMessage("There is no training figure 'losss', expected one of loss, kl.*").WithParameterName("metric");
        var missing = () => history.Test("kl");
        missing.Should().Throw<ArgumentException>().WithMessage("There is no figure on held-out data 'kl', expected one of loss.*").WithParameterName("metric");
    }

    [Fact]
    public void A_run_without_held_out_examples_says_so_when_asked_for_their_figures()
    {
        var test = () => new TrainingHistory([First]).Test("loss");
        test.Should().Throw<ArgumentException>().WithMessage("*no held-out examples*").WithParameterName("metric");
        new TrainingHistory([]).Test("loss").Should().BeEmpty("no epoch was completed");
    }

    [Fact]
    public void Epochs_and_histories_print_their_figures()
    {
        $"{First}".Should().Be("epoch 1: loss 2.5, kl 1");
        var second = First with { Epoch = 2, Test = new Dictionary<string, double> { ["loss"] = 3 } };
        $"{new TrainingHistory([First, second])}".Should().Be("Completed after epoch 2: loss 2.5, kl 1; held out: loss 3");
        $"{new FitProgress(1, 3, 2, 4, new VaeMetrics(3, 2, 1), null)}".Should().Be("epoch 1 of 3, batch 2 of 4: loss 3, reconstruction 2, kl 1");
    }
}
