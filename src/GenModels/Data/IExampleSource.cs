namespace GenModels.Data;

/// <summary>Training examples, read by index: what a trainer and an evaluation need to know about data.</summary>
public interface IExampleSource
{
    /// <summary>The number of examples, at least 1.</summary>
    int Count { get; }

    /// <summary>The shape of one example, without the batch dimension.</summary>
    IReadOnlyList<long> ExampleShape { get; }

    /// <summary>Copies the examples at <paramref name="indices"/>, one after the other, in one pass. Indices may repeat.</summary>
    /// <param name="indices">Indices of examples, each in [0, <see cref="Count"/>).</param>
    /// <param name="destination">
    /// Receives the values; its length is exactly the number of indices times the product of <see cref="ExampleShape"/>.
    /// </param>
    /// <remarks>
    /// While a model trains or is measured on a batch, the next may be gathered on another thread, so that a source that is slow costs no time. It is
    /// called by one thread at a time, and what it throws is thrown where the batch would be used.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside [0, <see cref="Count"/>). Nothing has been written.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length. Nothing has been written.</exception>
    void Gather(ReadOnlySpan<int> indices, Span<float> destination);
}
