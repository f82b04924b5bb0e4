namespace GenModels.Training;

/// <summary>A run's <c>history.csv</c>, which grows by a line at the end of every epoch.</summary>
internal sealed class HistoryFile(string folder)
{
    private readonly string _path = Path.Combine(folder, "history.csv");
    private bool _started;

    /// <summary>Makes the file say what the run knows, whatever an earlier process wrote after its last checkpoint.</summary>
    public void Start(TrainingHistory history)
    {
        _started = history.Epochs.Count > 0;
        if (_started) history.WriteCsv(_path);
        else File.Delete(_path);
    }

    public void Add(TrainingHistory history)
    {
        if (_started) File.AppendAllText(_path, $"{history.CsvLine(history.Last)}\n");
        else history.WriteCsv(_path);
        _started = true;
    }
}
