using static TorchSharp.torch;

namespace GenModels.Training;

/// <summary>The best epoch that early stopping has seen, with a copy of the weights where they shall come back.</summary>
internal sealed class BestWeights(EarlyStopping options) : IDisposable
{
    private Dictionary<string, Tensor> _weights = [];

    /// <summary>Null before the first figure.</summary>
    public BestEpoch? Epoch { get; private set; }

    public IReadOnlyDictionary<string, Tensor> Weights => _weights;

    public bool IsExhausted(int epochs) => Epoch is { } best && epochs - best.Epoch >= options.Patience;

    /// <summary>Looks at an epoch that has just ended, and at the weights that it ended with.</summary>
    /// <exception cref="ArgumentException">The model has no such figure.</exception>
    public void See(EpochRecord epoch, IReadOnlyDictionary<string, Tensor> weights)
    {
        if (!epoch.Test.TryGetValue(options.Metric, out double value))
            throw new ArgumentException(
                $"Early stopping looks at '{options.Metric}', which is no figure of this model. It has {string.Join(", ", epoch.Test.Keys)}.", nameof(options));
        // The first epoch is the best so far, whatever its figure; NaN is worse than any other.
        if (Epoch is { Value: var best } && !double.IsNaN(best) && !options.Improves(value, best)) return;
        Keep(new BestEpoch(epoch.Epoch, value), options.RestoreBest ? weights : new Dictionary<string, Tensor>());
    }

    /// <summary>Takes copies.</summary>
    public void Keep(BestEpoch epoch, IReadOnlyDictionary<string, Tensor> weights)
    {
        Dispose();
        using var scope = NewDisposeScope();
        _weights = weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
        Epoch = epoch;
    }

    public void Dispose()
    {
        foreach (var tensor in _weights.Values) tensor.Dispose();
        _weights = [];
    }
}
