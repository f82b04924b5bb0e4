namespace GenModels.Training;

/// <summary>Means of figures by name, weighted by examples.</summary>
internal sealed class MetricsMean
{
    private readonly Dictionary<string, double> _sums = [];
    private long _examples;

    public void Add(IMetrics metrics, int examples)
    {
        _examples += examples;
        foreach (var (name, value) in metrics.Named) _sums[name] = _sums.GetValueOrDefault(name) + value * examples;
    }

    public IReadOnlyDictionary<string, double> Result() => _sums.ToDictionary(s => s.Key, s => s.Value / _examples);
}
