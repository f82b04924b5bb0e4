using GenModels.Kernels;
using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Optimization;

/// <summary>
/// An exponential average of weights over the steps of training: ŵ ← ŵ + r·(w − ŵ) with r = (1 − β)/(1 − βᵗ) after step t. That is
/// Σ β^(t−s)·w_s / Σ β^(t−s), which has no part of the initial weights in it (the bias correction of Kingma and Ba 2015, section 3).
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly Tensor[] _weights;
    private readonly Tensor[] _averages;

    /// <summary>Adds the averages to the model's state, where the decay is above 0, as <c>average.</c> before the weight's name.</summary>
    public WeightAverage(double decay, Dictionary<string, Tensor> state, IEnumerable<string> names)
    {
        _decay = decay;
        string[] averaged = decay > 0 ? [.. names] : [];
        _weights = [.. averaged.Select(name => state[name])];
        _averages = [.. _weights.Select(w => w.detach().clone().DetachFromDisposeScope())];
        foreach (var (name, average) in averaged.Zip(_averages)) state.Add($"average.{name}", average);
    }

    /// <summary>Takes the weights after a step into the averages.</summary>
    /// <param name="steps">The number of steps taken, that one included.</param>
    public void Follow(long steps)
    {
        if (_weights.Length == 0) return;
        double rate = (1 - _decay) / (1 - DoubleMath.Power(_decay, steps));
        for (int i = 0; i < _weights.Length; i++) Interpolation.Apply(_averages[i], _weights[i], rate);
    }

    /// <summary>Exchanges weights and averages in the networks, without copying: only what their names stand for changes places.</summary>
    public void Exchange()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (weight, average) in _weights.Zip(_averages))
        {
            var values = weight.detach();
            weight.set_(average);
            average.set_(values);
        }
    }

    public void Dispose()
    {
        foreach (var average in _averages) average.Dispose();
    }
}
