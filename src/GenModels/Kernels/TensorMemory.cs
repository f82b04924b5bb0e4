using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>The memory of tensors that kernels can work on.</summary>
internal static unsafe class TensorMemory
{
    private const long MostInSpanOfBytes = int.MaxValue / sizeof(float);

    /// <summary>Whether a kernel can work on all of these: contiguous single precision in the CPU's memory.</summary>
    public static bool Fits(params ReadOnlySpan<torch.Tensor> tensors)
    {
        foreach (var t in tensors)
            if (t.dtype != torch.ScalarType.Float32 || t.device_type != DeviceType.CPU || !t.is_contiguous()) return false;
        return true;
    }

    /// <summary>Accepts tensors of the same number of values. A kernel that is told the length of one reads as far in the others.</summary>
    public static void RequireSameLength(torch.Tensor tensor, params ReadOnlySpan<torch.Tensor> others)
    {
        long length = tensor.numel();
        foreach (var other in others)
            if (other.numel() != length)
                throw new ArgumentException(
                    $"A kernel was given {Guard.Shape(tensor.shape)} and {Guard.Shape(other.shape)}, expected the same number of values in both.");
    }

    /// <summary>Accepts a matrix of the given size.</summary>
    public static void RequireMatrix(
        torch.Tensor tensor, long rows, long columns, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        long[] shape = tensor.shape;
        if (shape.Length != 2 || shape[0] != rows || shape[1] != columns)
            throw new ArgumentException($"A kernel was given {name} of the shape {Guard.Shape(shape)}, expected [{rows}, {columns}].", name);
    }

    /// <summary>Accepts matrices of which the first has k rows for each row of the second, and equally many columns.</summary>
    /// <returns>The size of the first, and k.</returns>
    public static (long Rows, long Columns, long Group) Grouped(torch.Tensor many, torch.Tensor few)
    {
        long[] shape = many.shape, shared = few.shape;
        if (shape.Length != 2 || shared.Length != 2 || shape[1] != shared[1] || shared[0] < 1 || shape[0] % shared[0] != 0)
            throw new ArgumentException(
                $"A kernel was given {Guard.Shape(shape)} and {Guard.Shape(shared)}, expected [n·k, d] and [n, d].", nameof(many));
        return (shape[0], shape[1], shape[0] / shared[0]);
    }

    /// <summary>The first element of a tensor that <see cref="Fits"/>. The caller keeps the tensor alive.</summary>
    public static float* Pointer(torch.Tensor tensor)
    {
        if (tensor.numel() <= MostInSpanOfBytes) return First(tensor);
        // TorchSharp exposes memory only as a span of at most 2 GiB of bytes, so the address is that of the first element.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return First(first);
    }

    /// <summary>The first element of a contiguous tensor of doubles in the CPU's memory, of any size. The caller keeps the tensor alive.</summary>
    public static double* Doubles(torch.Tensor tensor)
    {
        // As above: of the first element a span is long enough.
        using var flat = tensor.view(-1);
        using var first = flat.narrow(0, 0, 1);
        return (double*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>The elements of a tensor that <see cref="Fits"/>. The caller keeps the tensor alive.</summary>
    /// <exception cref="ArgumentException">The tensor has more elements than a span can hold.</exception>
    public static Span<float> Floats(torch.Tensor tensor)
    {
        long length = tensor.numel();
        if (length > int.MaxValue)
            throw new ArgumentException(
                $"A batch of the shape {Guard.Shape(tensor.shape)} has {length} values, expected at most {int.MaxValue}: use smaller batches.", nameof(tensor));
        return new Span<float>(Pointer(tensor), (int)length);
    }

    private static float* First(torch.Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
