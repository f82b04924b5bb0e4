using System.Runtime.CompilerServices;
using static TorchSharp.Native;

namespace TorchSharp;

/// <summary>One argument of an operator: a value, or the object that holds it, kept alive until the call is over.</summary>
internal readonly struct Argument
{
    private Argument(Tag tag, long bits = 0, int length = 0, object? owner = null) =>
        (Owner, Bits, Tag, Length) = (owner, bits, tag, length);

    public object? Owner { get; }
    public long Bits { get; }
    public Tag Tag { get; }
    public int Length { get; }

    /// <summary>The value that the operator's schema names.</summary>
    public static Argument Default => new(Tag.Default);
    public static Argument None => new(Tag.None);

    public static implicit operator Argument(torch.Tensor? t) => t is null ? None : new(Tag.Tensor, t.Handle, owner: t);
    public static implicit operator Argument(long value) => new(Tag.Int, value);
    public static implicit operator Argument(long? value) => value is { } v ? v : None;
    public static implicit operator Argument(double value) => new(Tag.Double, Unsafe.BitCast<double, long>(value));
    public static implicit operator Argument(double? value) => value is { } v ? v : None;
    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Argument(Scalar? s) => s is null ? None : s.Argument;
    public static implicit operator Argument(torch.ScalarType type) => new(Tag.Int, (long)type);
    public static implicit operator Argument(torch.ScalarType? type) => type is { } t ? t : None;
    public static implicit operator Argument(torch.Device? device) => device is null ? None : new(Tag.Device, (long)device.type, device.index);
    public static implicit operator Argument(torch.Generator? g) => g is null ? None : new(Tag.Generator, g.Handle, owner: g);
    public static implicit operator Argument(long[] list) => new(Tag.IntList, length: list.Length, owner: list);
    public static implicit operator Argument(torch.Tensor[] list) => new(Tag.TensorList, length: list.Length, owner: list);

    internal bool IsList => Tag is Tag.IntList or Tag.TensorList;

    internal void CopyList(Span<long> words)
    {
        if (Owner is long[] integers) integers.CopyTo(words);
        else if (Owner is torch.Tensor[] tensors)
            for (int i = 0; i < tensors.Length; i++) words[i] = tensors[i].Handle;
    }
}
