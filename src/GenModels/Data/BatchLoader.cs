using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>Gathers examples into tensors that are reused from batch to batch: one for full batches and one for the rest.</summary>
/// <param name="source">The examples.</param>
/// <param name="batchSize">How many a batch has at most.</param>
/// <param name="device">Where batches shall live.</param>
/// <param name="condition">What is told of each example; null where nothing is.</param>
internal sealed class BatchLoader(IExampleSource source, int batchSize, Device device, Condition? condition = null) : IDisposable
{
    private readonly Dictionary<int, Tensor> _buffers = [];

    public int Batches => Covering(source.Count);

    /// <summary>The number of batches that hold so many examples, the last of which may be a part of one.</summary>
    public int Covering(int examples) => (int)(((long)examples + batchSize - 1) / batchSize);

    /// <summary>A batch of the examples in the order given. The examples stay the loader's and are overwritten by the next batch.</summary>
    public Batch Load(ReadOnlySpan<int> order, int batch) => LoadFrom(order, batch * batchSize);

    /// <summary>The batch that starts at a place in the order.</summary>
    public Batch LoadFrom(ReadOnlySpan<int> order, int start)
    {
        var indices = order.Slice(start, Math.Min(batchSize, order.Length - start));
        if (!_buffers.TryGetValue(indices.Length, out var buffer))
        {
            buffer = empty([indices.Length, .. source.ExampleShape]);
            buffer.DetachFromDisposeScope();
            _buffers.Add(indices.Length, buffer);
        }
        source.Gather(indices, TensorMemory.Floats(buffer));
        return new Batch(buffer.to(device), condition?.Gather(source, indices).to(device));
    }

    public void Dispose()
    {
        foreach (var buffer in _buffers.Values) buffer.Dispose();
    }
}
