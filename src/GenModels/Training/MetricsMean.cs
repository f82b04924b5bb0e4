namespace GenModels.Training;

/// <summary>Means of figures by name, weighted by examples.</summary>
internal sealed class MetricsMean
{
    private readonly Dictionary<string, double> _sums = [];

    public MetricsMean() { }

    /// <summary>Goes on from sums over some examples.</summary>
    public MetricsMean(IReadOnlyDictionary<string, double> sums, long examples) => (_sums, Examples) = (new(sums), examples);

    /// <summary>The sums by name, over <see cref="Examples"/>.</summary>
    public IReadOnlyDictionary<string, double> Sums => _sums;

    public long Examples { get; private set; }

    public void Add(IMetrics metrics, int examples)
    {
        Examples += examples;
        foreach (var (name, value) in metrics.Named) _sums[name] = _sums.GetValueOrDefault(name) + value * examples;
    }

    public IReadOnlyDictionary<string, double> Result() => _sums.ToDictionary(s => s.Key, s => s.Value / Examples);
}
