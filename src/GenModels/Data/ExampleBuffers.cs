using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>
/// Gathers examples into tensors that are reused, two of each size in turn, so that one batch can be gathered on another thread while the one
/// before it is in use. The source is never called by two threads at the same time.
/// </summary>
/// <param name="source">The examples. From memory they are gathered on the caller's thread alone, since that takes less time than to hand them over.</param>
internal sealed class ExampleBuffers(IExampleSource source) : IDisposable
{
    private readonly Dictionary<(int Turn, int Count), Tensor> _buffers = [];
    private readonly bool _isInMemory = IsInMemory(source);
    private int _turn;
    private int[] _indices = [];
    private Task? _ahead;

    /// <summary>Some examples, which stay as they are until the next call. What was thrown while they were gathered ahead is thrown now.</summary>
    public Tensor Gather(ReadOnlySpan<int> indices)
    {
        Settle();
        var ahead = _ahead;
        _ahead = null;
        if (ahead is null || !indices.SequenceEqual(_indices))
        {
            var buffer = Buffer(_turn, indices.Length);
            source.Gather(indices, TensorMemory.Floats(buffer));
            return buffer;
        }
        ahead.GetAwaiter().GetResult();
        _turn = 1 - _turn;
        return Buffer(_turn, indices.Length);
    }

    /// <summary>Starts to gather the examples that will be asked for next.</summary>
    public void GatherAhead(ReadOnlySpan<int> indices)
    {
        if (_isInMemory) return;
        Settle();
        _indices = indices.ToArray();
        var buffer = Buffer(1 - _turn, indices.Length);
        _ahead = Task.Run(() =>
        {
            using var scope = NewDisposeScope();
            source.Gather(_indices, TensorMemory.Floats(buffer));
        });
    }

    /// <summary>Waits until nothing is being gathered. What was thrown is kept for the one who asks for the examples, if anyone does.</summary>
    public void Settle()
    {
        if (_ahead is null) return;
        ((IAsyncResult)_ahead).AsyncWaitHandle.WaitOne();
        _ = _ahead.Exception;
    }

    public void Dispose()
    {
        Settle();
        foreach (var buffer in _buffers.Values) buffer.Dispose();
    }

    private static bool IsInMemory(IExampleSource source) => source switch
    {
        ArraySource or ImageSet => true,
        ExampleView view => IsInMemory(view.Source),
        _ => false,
    };

    private Tensor Buffer(int turn, int count)
    {
        if (_buffers.TryGetValue((turn, count), out var buffer)) return buffer;
        buffer = empty([count, .. source.ExampleShape]);
        buffer.DetachFromDisposeScope();
        _buffers.Add((turn, count), buffer);
        return buffer;
    }
}
