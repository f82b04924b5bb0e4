using System.Runtime.InteropServices;
using GenModels.Kernels;
using GenModels.State;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Follows training steps with exponential averages, in memory of a fixed size.</summary>
/// <param name="indifference">The loss of a discriminator that can't tell the two sides apart; null if the objective's loss has no scale.</param>
/// <param name="exampleSize">The number of values in an example.</param>
internal sealed class GanMonitor(double? indifference, long exampleSize)
{
    private const double Rate = 1.0 / 50;
    // Faults are named only far from what healthy training shows.
    private const double WinningAccuracy = 0.98;
    private const double LaggingShare = 1.07;
    private const double LeastLogitSpread = 1e-4;
    private const double LeastGradient = 1e-6;
    private const double LeastDiversity = 0.3;

    // Version 0.1 followed all but the last two, in the same order.
    private const int FiguresOfVersion01 = 7;

    private readonly Average[] _figures = new Average[9];
    private readonly double[] _exampleVariances = new double[exampleSize];
    private readonly double[] _sampleVariances = new double[exampleSize];
    private readonly float[] _variances = new float[exampleSize];
    private long _steps;

    public void Add(GanMetrics metrics, double logitSpread, Tensor examples, Tensor samples)
    {
        _steps++;
        ReadOnlySpan<double?> values =
        [
            metrics.Value, metrics.AccuracyReal, metrics.AccuracyGenerated, metrics.MeanReal, metrics.MeanGenerated,
            logitSpread, metrics.GeneratorGradientNorm, metrics.DiscriminatorLoss, metrics.Wasserstein,
        ];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is { } value) _figures[i].Add(value);
            // The objective lacks the figure, of which version 0.1 kept an average all the same.
            else _figures[i] = default;
        }
        // A single example has no spread.
        if (examples.shape[0] < 2 || samples.shape[0] < 2) return;
        Follow(_exampleVariances, examples);
        Follow(_sampleVariances, samples);
    }

    /// <summary>The standard deviation of logits.</summary>
    public static double Spread(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0;
        foreach (float v in values) sum += v;
        double mean = sum / values.Length;
        foreach (float v in values) squares += (v - mean) * (v - mean);
        return Math.Sqrt(squares / values.Length);
    }

    public GanHealth Read()
    {
        var health = new GanHealth(
            _steps, _figures[7].Value, _figures[0].Value, _figures[8].Value, _figures[1].Value, _figures[2].Value, _figures[3].Value,
            _figures[4].Value, _figures[5].Value, _figures[6].Value, Diversity(), []);
        return _steps < GanHealth.StepsBeforeJudging ? health : health with { Faults = [.. Faults(health)] };
    }

    public void Exchange(StateExchange state, string name)
    {
        _steps = state.Count($"{name}.steps", _steps);
        var figures = MemoryMarshal.Cast<Average, double>(_figures.AsSpan());
        state.Numbers($"{name}.figures", figures, earlier: figures.Length / _figures.Length * FiguresOfVersion01);
        state.Numbers($"{name}.examples", _exampleVariances);
        state.Numbers($"{name}.samples", _sampleVariances);
    }

    private IEnumerable<GanFault> Faults(GanHealth health)
    {
        // A figure that the objective does not have is null, which no comparison holds for.
        if (health.AccuracyReal > WinningAccuracy && health.AccuracyGenerated > WinningAccuracy) yield return GanFault.DiscriminatorWins;
        if (health.DiscriminatorLoss > LaggingShare * indifference) yield return GanFault.DiscriminatorLags;
        if (health.LogitSpread < LeastLogitSpread || health.GeneratorGradientNorm < LeastGradient) yield return GanFault.GeneratorIgnored;
        if (health.Diversity < LeastDiversity) yield return GanFault.DiversityLost;
    }

    private double Diversity()
    {
        double shared = 0, whole = 0;
        for (int i = 0; i < _exampleVariances.Length; i++)
        {
            double spread = Math.Sqrt(_exampleVariances[i]);
            shared += Math.Min(spread, Math.Sqrt(_sampleVariances[i]));
            whole += spread;
        }
        return whole > 0 ? shared / whole : 1;
    }

    // The averages of both sides have the same weights, so that their start at 0 cancels in the ratio.
    private void Follow(double[] averages, Tensor batch)
    {
        using var flat = batch.flatten(1);
        ColumnVariance.Of(flat, _variances);
        for (int i = 0; i < averages.Length; i++) averages[i] += Rate * (_variances[i] - averages[i]);
    }

    /// <summary>An exponential average without the bias of its start (as Adam's moments, Kingma and Ba 2015, section 3).</summary>
    private struct Average
    {
        private double _sum;
        private double _weight;

        /// <summary>Null before the first value.</summary>
        public readonly double? Value => _weight > 0 ? _sum / _weight : null;

        public void Add(double value)
        {
            _sum += Rate * (value - _sum);
            _weight += Rate * (1 - _weight);
        }
    }
}
