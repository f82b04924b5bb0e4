using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>The memory of tensors that kernels can work on.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether a kernel can work on all of these: contiguous single precision in the CPU's memory.</summary>
    public static bool Fits(params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (var t in tensors)
            if (t.dtype != torch.ScalarType.Float32 || t.device_type != DeviceType.CPU || !t.is_contiguous()) return false;
        return true;
    }

    /// <summary>The first element of a tensor that <see cref="Fits"/>. The caller keeps the tensor alive.</summary>
    public static float* Pointer(torch.Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));

    /// <summary>The first element of a contiguous tensor of doubles in the CPU's memory, of any size. The caller keeps the tensor alive.</summary>
    public static double* Doubles(torch.Tensor tensor)
    {
        // A span can't be as long as a tensor can; of its first row one is long enough.
        using var first = tensor.narrow(0, 0, 1);
        return (double*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The elements of a tensor that <see cref="Fits"/>. The caller keeps the tensor alive.</summary>
    public static Span<float> Floats(torch.Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
