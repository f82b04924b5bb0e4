using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Randomness;

/// <summary>Uniform numbers in [0, 1), multiples of 2⁻²⁴: the upper 24 bits of each word, as many as a float holds.</summary>
internal readonly unsafe struct UniformTransform : IWordTransform
{
    private const float Unit = 1f / (1 << 24);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Apply<T>(float* words, long groups) where T : unmanaged, ILanes<T>
    {
        for (float* end = words + groups * WordGroups.Size; words < end; words += T.Count) Of(T.Load(words)).Store(words);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T words) where T : unmanaged, ILanes<T> => T.ToSingle(T.ShiftRight(words, 8)) * T.Broadcast(Unit);
}
