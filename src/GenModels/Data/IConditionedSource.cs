namespace GenModels.Data;

/// <summary>Examples that come with a vector each, which tells what they are: what a model that is conditional on vectors learns from.</summary>
public interface IConditionedSource : IExampleSource
{
    /// <summary>The number of values in a vector; 0 where the examples have no vectors.</summary>
    int ConditionSize { get; }

    /// <summary>Copies the vectors of the examples at <paramref name="indices"/>, one after the other. Indices may repeat.</summary>
    /// <param name="indices">Indices of examples, each in [0, <see cref="IExampleSource.Count"/>).</param>
    /// <param name="destination">Receives the values; its length is exactly the number of indices times <see cref="ConditionSize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its range. Nothing has been written.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length. Nothing has been written.</exception>
    /// <exception cref="InvalidOperationException">The examples have no vectors.</exception>
    void GatherConditions(ReadOnlySpan<int> indices, Span<float> destination);
}
