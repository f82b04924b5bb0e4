namespace GenModels.Training;

/// <summary>What one epoch brought.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Train">The model's figures by name, means over the epoch's examples, each taken before its step.</param>
/// <param name="Test">The model's figures on held-out data after the epoch, means over its examples; empty without such data.</param>
/// <param name="Duration">The time spent in training steps and in gathering their batches; evaluation is not part of it.</param>
/// <param name="ExamplesPerSecond">Examples trained on for each second of <paramref name="Duration"/>.</param>
public sealed record EpochRecord(
    int Epoch, IReadOnlyDictionary<string, double> Train, IReadOnlyDictionary<string, double> Test, TimeSpan Duration, double ExamplesPerSecond)
{
    /// <summary>The epoch's figures in a line.</summary>
    public override string ToString() =>
        $"epoch {Guard.Text(Epoch)}: {FigureText.InALine(Train)}{(Test.Count > 0 ? $"; held out: {FigureText.InALine(Test)}" : "")}";
}
