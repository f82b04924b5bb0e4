
namespace GenModels.Training;

/// <summary>The epochs of a training run, in order.</summary>
/// <param name="Epochs">A record for each epoch that was completed, those before a resumption included.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochRecord> Epochs)
{
    /// <summary>Why training ended.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>The number of steps, those before a resumption and in an epoch that was not completed included.</summary>
    public long Steps { get; init; }

    /// <summary>The epoch with the best held-out figure, from 1; null without <see cref="FitOptions.EarlyStopping"/>.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The checkpoint that training went on from; null where it started anew.</summary>
    public ResumePoint? ResumedFrom { get; init; }

    /// <summary>The last epoch.</summary>
    /// <exception cref="InvalidOperationException">No epoch was completed.</exception>
    public EpochRecord Last => Epochs.Count > 0 ? Epochs[^1] : throw new InvalidOperationException("No epoch was completed.");

    /// <summary>The values of one training figure, an epoch each.</summary>
    /// <param name="metric">The figure's name, such as <c>loss</c>.</param>
    /// <returns>NaN for epochs without the figure; empty if no epoch was completed.</returns>
    /// <exception cref="ArgumentException">No epoch has such a figure; the message names those that there are.</exception>
    public IEnumerable<double> Train(string metric) => Values(metric, e => e.Train, "training figure");

    /// <summary>The values of one figure on held-out data, an epoch each.</summary>
    /// <param name="metric">The figure's name, such as <c>loss</c>.</param>
    /// <returns>NaN for epochs without the figure; empty if no epoch was completed.</returns>
    /// <exception cref="ArgumentException">
    /// No epoch has such a figure: the message names those that there are, or says that there were no held-out examples.
    /// </exception>
    public IEnumerable<double> Test(string metric) => Values(metric, e => e.Test, "figure on held-out data");

    /// <summary>
    /// Writes a line an epoch: epoch, the training figures, those on held-out data, seconds, examples a second. An epoch that lacks a figure
    /// which others have, as where held-out data came with a resumption, has NaN there.
    /// </summary>
    /// <param name="path">The file, replaced as a whole.</param>
    public void WriteCsv(string path)
    {
        Guard.NotNull(path);
        var columns = HistoryColumns.Of(Epochs);
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.NewLine = "\n";
            writer.WriteLine(columns.Names);
            foreach (var epoch in Epochs) writer.WriteLine(columns.Line(epoch));
        });
    }

    /// <summary>The number of epochs and the last one's figures, in a line.</summary>
    public override string ToString() => Epochs.Count > 0 ? $"{StopReason} after {Last}" : $"{StopReason} before the first epoch was completed";

    private IEnumerable<double> Values(string metric, Func<EpochRecord, IReadOnlyDictionary<string, double>> figures, string kind)
    {
        Guard.NotNull(metric);
        string[] names = [.. Epochs.SelectMany(e => figures(e).Keys).Distinct()];
        if (Epochs.Count > 0 && !names.Contains(metric))
            throw new ArgumentException(
                names.Length > 0 ? $"There is no {kind} '{metric}', expected one of {string.Join(", ", names)}."
                : $"There is no {kind} '{metric}': training was given no held-out examples. Pass some to it.", nameof(metric));
        return Epochs.Select(e => figures(e).GetValueOrDefault(metric, double.NaN));
    }
}
