namespace GenModels.Training;

/// <summary>A run's <c>history.csv</c>, which grows by a line at the end of every epoch.</summary>
internal sealed class HistoryFile(string folder)
{
    private readonly string _path = Path.Combine(folder, "history.csv");
    private HistoryColumns? _columns;

    /// <summary>Makes the file say what the run knows, whatever an earlier process wrote after its last checkpoint.</summary>
    public void Start(TrainingHistory history)
    {
        if (history.Epochs.Count > 0) Write(history);
        else File.Delete(_path);
    }

    public void Add(TrainingHistory history)
    {
        // A resumed run may have held-out data that it did not have before.
        if (_columns is not null && _columns.Hold(history.Last)) File.AppendAllText(_path, $"{_columns.Line(history.Last)}\n");
        else Write(history);
    }

    private void Write(TrainingHistory history)
    {
        _columns = HistoryColumns.Of(history.Epochs);
        history.WriteCsv(_path);
    }
}
