using System.Buffers.Binary;
using static TorchSharp.torch;

namespace GenModels.State;

/// <summary>Looks into the states of libtorch's generators before they are put back.</summary>
/// <remarks>
/// libtorch takes a state over before it judges it, and does not compare the place of the next number with how many are left: a bad one makes
/// the generator read outside its memory. The layout is that of CPUGeneratorImpl.cpp, the same from libtorch 1.13 to 2.x: seed (8 bytes), left
/// (4), seeded (4), next (8), and the 624 words of the Mersenne twister.
/// </remarks>
internal static class GeneratorState
{
    private const int Length = 5056, LeftAt = 8, SeededAt = 12, NextAt = 16;
    private const int Words = 624;

    /// <summary>Whether a generator on the CPU can go on from a state; true for what is no such state, which libtorch checks by itself.</summary>
    public static bool IsUsable(Tensor state)
    {
        if (state.dtype != ScalarType.Byte || state.numel() != Length) return true;
        using var scope = NewDisposeScope();
        var bytes = state.cpu().contiguous().bytes;
        int left = BinaryPrimitives.ReadInt32LittleEndian(bytes[LeftAt..]), seeded = BinaryPrimitives.ReadInt32LittleEndian(bytes[SeededAt..]);
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(bytes[NextAt..]);
        // One less than what is left is read from there on, before new words are made.
        return seeded == 1 && left is >= 1 and <= Words && next <= (ulong)(Words - left + 1);
    }
}
