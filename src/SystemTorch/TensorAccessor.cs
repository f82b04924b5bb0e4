using System.Collections;

namespace TorchSharp.Utils;

/// <summary>A typed view of a tensor's elements, in the tensor's logical order.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    public long Count => _tensor.numel();

    /// <summary>One index counts elements; as many as dimensions address one.</summary>
    public unsafe T this[params long[] indices]
    {
        get
        {
            var element = *Address(indices);
            GC.KeepAlive(_tensor);
            return element;
        }
        set
        {
            *Address(indices) = value;
            GC.KeepAlive(_tensor);
        }
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        CopyTo(result);
        return result;
    }

    public unsafe void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (!_tensor.is_contiguous())
        {
            using var ordered = _tensor.contiguous();
            new TensorAccessor<T>(ordered).CopyTo(array, arrayIndex, tensorIndex);
            return;
        }
        long count = Math.Min(Count - tensorIndex, array.Length - arrayIndex);
        new ReadOnlySpan<T>((T*)_tensor.Data() + tensorIndex, checked((int)count)).CopyTo(array.AsSpan(arrayIndex));
        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The tensor belongs to its owner.</summary>
    public void Dispose() { }

    private unsafe T* Address(long[] indices)
    {
        if (indices.Length == 1) return At(indices[0]);
        var (shape, stride) = (_tensor.shape, _tensor.stride());
        if (indices.Length != shape.Length) throw new ArgumentException("There must be one index for each dimension.");
        long offset = 0;
        for (int d = 0; d < shape.Length; d++)
        {
            if ((ulong)indices[d] >= (ulong)shape[d]) throw new IndexOutOfRangeException();
            offset += indices[d] * stride[d];
        }
        return (T*)_tensor.Data() + offset;
    }

    private unsafe T* At(long index)
    {
        if ((ulong)index >= (ulong)Count) throw new IndexOutOfRangeException();
        var (shape, stride) = (_tensor.shape, _tensor.stride());
        long offset = 0;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            (index, long i) = Math.DivRem(index, shape[d]);
            offset += i * stride[d];
        }
        return (T*)_tensor.Data() + offset;
    }
}
