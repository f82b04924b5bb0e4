using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Memory for a matrix with as many rows as the largest batch so far.</summary>
internal sealed unsafe class RowBuffer(long columns) : IDisposable
{
    private Tensor? _tensor;
    private long _capacity;

    public long Columns { get; } = columns;

    /// <summary>The first element, after <see cref="Reserve"/>.</summary>
    public float* Pointer { get; private set; }

    /// <summary>Makes room for some rows, whose values are then undefined.</summary>
    public float* Reserve(long rows)
    {
        if (_tensor is not null && rows <= _capacity) return Pointer;
        _tensor?.Dispose();
        // An evaluation in inference mode must not leave memory behind that training can't differentiate over.
        using var normal = inference_mode(false);
        _tensor = empty(rows, Columns).DetachFromDisposeScope();
        _capacity = rows;
        return Pointer = rows > 0 ? TensorMemory.Pointer(_tensor) : null;
    }

    /// <summary>The first rows as a tensor that belongs to the dispose scope.</summary>
    public Tensor Rows(long rows) => (_tensor ?? throw new InvalidOperationException("No rows were reserved.")).narrow(0, 0, rows);

    public void Dispose() => _tensor?.Dispose();
}
