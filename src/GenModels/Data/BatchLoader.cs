using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>
/// Gathers examples batch by batch. While a batch is in use, the next one of the same order is gathered on another thread, unless the examples are in
/// memory.
/// </summary>
/// <param name="source">The examples.</param>
/// <param name="batchSize">How many a batch has at most.</param>
/// <param name="device">Where batches shall live.</param>
/// <param name="condition">What is told of each example; null where nothing is.</param>
internal sealed class BatchLoader(IExampleSource source, int batchSize, Device device, Condition? condition = null) : IDisposable
{
    private readonly ExampleBuffers _buffers = new(source);

    public int Batches => Covering(source.Count);

    /// <summary>The number of batches that hold so many examples, the last of which may be a part of one.</summary>
    public int Covering(int examples) => (int)(((long)examples + batchSize - 1) / batchSize);

    /// <summary>A batch of the examples in the order given. The examples stay the loader's and are overwritten by a later batch.</summary>
    public Batch Load(ReadOnlySpan<int> order, int batch) => LoadFrom(order, batch * batchSize);

    /// <summary>The batch that starts at a place in the order.</summary>
    public Batch LoadFrom(ReadOnlySpan<int> order, int start)
    {
        var indices = Indices(order, start);
        var examples = _buffers.Gather(indices);
        // Conditions are read before the source is busy with the next examples.
        var batch = new Batch(examples.to(device), condition?.Gather(source, indices).to(device));
        if (order.Length - start > batchSize) _buffers.GatherAhead(Indices(order, start + batchSize));
        return batch;
    }

    /// <summary>Waits until nothing reads from the source, so that others may.</summary>
    public void Settle() => _buffers.Settle();

    public void Dispose() => _buffers.Dispose();

    private ReadOnlySpan<int> Indices(ReadOnlySpan<int> order, int start) => order.Slice(start, Math.Min(batchSize, order.Length - start));
}
