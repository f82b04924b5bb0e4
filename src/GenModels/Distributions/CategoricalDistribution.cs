using GenModels.Numerics;

namespace GenModels.Distributions;

/// <summary>A distribution over the outcomes 0, 1, …, n − 1.</summary>
public sealed class CategoricalDistribution : IDistribution<int>
{
    private readonly double[] _probabilities;
    private readonly double[] _cumulative;

    /// <summary>Makes the distribution. The values are copied.</summary>
    /// <param name="probabilities">Finite, at least 0, with a sum of 1 within 1e-6; they are divided by their sum.</param>
    /// <exception cref="ArgumentException">An element is negative, NaN or infinite (the message names its index), or the sum is not 1.</exception>
    public CategoricalDistribution(ReadOnlySpan<double> probabilities)
    {
        Weights.Check(probabilities, nameof(probabilities), normalize: false, "Divide by the sum first.");
        _probabilities = probabilities.ToArray();
        _cumulative = new double[probabilities.Length];
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++) _cumulative[i] = sum += probabilities[i];
    }

    /// <summary>The number of outcomes.</summary>
    public int Count => _probabilities.Length;

    /// <summary>The probability of each outcome, as given.</summary>
    public IReadOnlyList<double> Probabilities => _probabilities;

    internal ReadOnlySpan<double> ProbabilitySpan => _probabilities;

    /// <inheritdoc/>
    public double LogDensity(int value) =>
        (uint)value < (uint)Count ? Math.Log(_probabilities[value] / _cumulative[^1]) : double.NegativeInfinity;

    /// <inheritdoc/>
    public int[] Sample(int count, ulong seed) => Draw.Many(count, seed, random => IndexAbove(random.NextDouble() * _cumulative[^1]));

    /// <summary>The first outcome whose cumulative probability exceeds the point, so that one of probability 0 is never drawn.</summary>
    private int IndexAbove(double point)
    {
        int low = 0, high = Count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_cumulative[middle] > point) high = middle;
            else low = middle + 1;
        }
        return low;
    }
}
