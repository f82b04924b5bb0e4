using System.Globalization;

namespace GenModels.Training;

/// <summary>The columns of a history as a table: every figure that any of its epochs has.</summary>
internal sealed class HistoryColumns
{
    private readonly IReadOnlyList<string> _train, _test;

    private HistoryColumns(IReadOnlyList<string> train, IReadOnlyList<string> test) => (_train, _test) = (train, test);

    /// <summary>The columns' names on one line.</summary>
    public string Names => string.Join(',', ["epoch", .. _train.Select(n => $"train.{n}"), .. _test.Select(n => $"test.{n}"), "seconds", "examplesPerSecond"]);

    public static HistoryColumns Of(IReadOnlyList<EpochRecord> epochs) =>
        new([.. epochs.SelectMany(e => e.Train.Keys).Distinct()], [.. epochs.SelectMany(e => e.Test.Keys).Distinct()]);

    /// <summary>Whether there is a column for every figure of an epoch.</summary>
    public bool Hold(EpochRecord epoch) => epoch.Train.Keys.All(_train.Contains) && epoch.Test.Keys.All(_test.Contains);

    /// <summary>An epoch's figures on one line.</summary>
    public string Line(EpochRecord epoch) => string.Join(',', [
        epoch.Epoch.ToString(CultureInfo.InvariantCulture),
        .. _train.Select(n => Text(epoch.Train.GetValueOrDefault(n, double.NaN))), .. _test.Select(n => Text(epoch.Test.GetValueOrDefault(n, double.NaN))),
        Text(epoch.Duration.TotalSeconds), Text(epoch.ExamplesPerSecond)]);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
