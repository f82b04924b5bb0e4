using System.Runtime.CompilerServices;
using static TorchSharp.Native;

namespace TorchSharp;

/// <summary>An operator of libtorch, found by name at its first call.</summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private const int StackWords = 256;
    private nint _handle;

    private nint Handle => _handle != 0 ? _handle : _handle = Check(st_find_operator("aten::" + name, overload));

    /// <summary>Calls an operator that returns one tensor. Missing trailing arguments take their defaults.</summary>
    public torch.Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        Value result = default;
        Invoke(arguments, &result, 1);
        return new torch.Tensor((nint)result.Bits);
    }

    /// <summary>Calls an operator that returns the tensor it changed, which the caller already holds.</summary>
    public torch.Tensor CallInPlace(torch.Tensor self, params ReadOnlySpan<Argument> arguments)
    {
        Invoke(arguments, null, 0);
        return self;
    }

    public (torch.Tensor, torch.Tensor) CallForTwo(params ReadOnlySpan<Argument> arguments)
    {
        Value* results = stackalloc Value[2];
        Invoke(arguments, results, 2);
        return (new torch.Tensor((nint)results[0].Bits), new torch.Tensor((nint)results[1].Bits));
    }

    public torch.Tensor[] CallForList(int capacity, params ReadOnlySpan<Argument> arguments)
    {
        var results = new Value[capacity];
        int count;
        fixed (Value* pointer = results) count = Invoke(arguments, pointer, capacity);
        return Array.ConvertAll(results[..count], r => new torch.Tensor((nint)r.Bits));
    }

    public bool CallForBool(params ReadOnlySpan<Argument> arguments)
    {
        Value result = default;
        Invoke(arguments, &result, 1);
        return result.Bits != 0;
    }

    [SkipLocalsInit]
    private int Invoke(ReadOnlySpan<Argument> arguments, Value* results, int capacity)
    {
        int words = 0;
        foreach (ref readonly var argument in arguments)
            if (argument.IsList) words += argument.Length;

        if (words > StackWords)
        {
            fixed (long* pinned = new long[words]) return Invoke(arguments, new Span<long>(pinned, words), results, capacity);
        }
        long* lists = stackalloc long[StackWords];
        return Invoke(arguments, new Span<long>(lists, StackWords), results, capacity);
    }

    /// <param name="arguments">What to pass.</param>
    /// <param name="lists">Memory that does not move, for the elements of lists.</param>
    /// <param name="results">Receives what the operator returns.</param>
    /// <param name="capacity">How many results fit.</param>
    private int Invoke(ReadOnlySpan<Argument> arguments, Span<long> lists, Value* results, int capacity)
    {
        Value* values = stackalloc Value[arguments.Length];
        int used = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new Value { Tag = argument.Tag, Length = argument.Length, Bits = argument.Bits };
            if (!argument.IsList) continue;
            var elements = lists.Slice(used, argument.Length);
            argument.CopyList(elements);
            values[i].Bits = (long)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(elements));
            used += argument.Length;
        }
        int count = st_call(Handle, values, arguments.Length, results, capacity);
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Owner);
        return count >= 0 ? count : throw Failure();
    }
}
