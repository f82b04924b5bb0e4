using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Randomness;

/// <summary>One of two values: <paramref name="chosen"/> where a uniform number is below the probability, otherwise <paramref name="other"/>.</summary>
internal readonly unsafe struct ChoiceTransform(float probability, float chosen, float other) : IWordTransform
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Apply<T>(float* words, long groups) where T : unmanaged, ILanes<T>
    {
        var (p, ifChosen, ifNot) = (T.Broadcast(probability), T.Broadcast(chosen), T.Broadcast(other));
        for (float* end = words + groups * WordGroups.Size; words < end; words += T.Count)
            T.SelectLess(UniformTransform.Of(T.Load(words)), p, ifChosen, ifNot).Store(words);
    }
}
