using GenModels.Training;

namespace GenModels.Tests;

internal static class Histories
{
    /// <summary>Every figure of every epoch, bit for bit; durations are another machine's business.</summary>
    public static void ShouldBeTheSame(TrainingHistory history, TrainingHistory expected)
    {
        history.Epochs.Select(e => e.Epoch).Should().Equal(expected.Epochs.Select(e => e.Epoch));
        foreach (var (actual, other) in history.Epochs.Zip(expected.Epochs))
        {
            actual.Train.Should().Equal(other.Train);
            actual.Test.Should().Equal(other.Test);
        }
        (history.Steps, history.StopReason, history.BestEpoch).Should().Be((expected.Steps, expected.StopReason, expected.BestEpoch));
    }
}
