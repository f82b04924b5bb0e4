using System.Globalization;
using GenModels.Persistence;

namespace GenModels.Training;

/// <summary>The epochs of a training run, in order.</summary>
/// <param name="Epochs">A record for each epoch that was completed.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochRecord> Epochs)
{
    /// <summary>The last epoch.</summary>
    /// <exception cref="InvalidOperationException">No epoch was completed.</exception>
    public EpochRecord Last => Epochs.Count > 0 ? Epochs[^1] : throw new InvalidOperationException("No epoch was completed.");

    /// <summary>The values of one training figure, an epoch each.</summary>
    /// <param name="metric">The figure's name, such as <c>loss</c>.</param>
    public IEnumerable<double> Train(string metric) => Epochs.Select(e => e.Train.GetValueOrDefault(metric, double.NaN));

    /// <summary>The values of one figure on held-out data, an epoch each.</summary>
    /// <param name="metric">The figure's name, such as <c>loss</c>.</param>
    public IEnumerable<double> Test(string metric) => Epochs.Select(e => e.Test.GetValueOrDefault(metric, double.NaN));

    /// <summary>Writes a line an epoch: epoch, the training figures, those on held-out data, seconds, examples a second.</summary>
    /// <param name="path">The file, replaced as a whole.</param>
    public void WriteCsv(string path)
    {
        Guard.NotNull(path);
        string[] train = [.. Names(e => e.Train)], test = [.. Names(e => e.Test)];
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', ["epoch", .. train.Select(n => $"train.{n}"), .. test.Select(n => $"test.{n}"), "seconds", "examplesPerSecond"]));
            foreach (var epoch in Epochs)
                writer.WriteLine(string.Join(',', [
                    epoch.Epoch.ToString(CultureInfo.InvariantCulture),
                    .. train.Select(n => Text(epoch.Train[n])), .. test.Select(n => Text(epoch.Test[n])),
                    Text(epoch.Duration.TotalSeconds), Text(epoch.ExamplesPerSecond)]));
        });
    }

    private IEnumerable<string> Names(Func<EpochRecord, IReadOnlyDictionary<string, double>> figures) =>
        Epochs.Count > 0 ? figures(Epochs[0]).Keys : [];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
