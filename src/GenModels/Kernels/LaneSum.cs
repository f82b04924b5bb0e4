using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>One pass over arrays of floats that sums something.</summary>
internal interface ISum
{
    /// <summary>The sum plus what elements [i, i + <c>T.Count</c>) add to it, lane by lane.</summary>
    T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>;
}

/// <summary>
/// Sums whose bits do not depend on the width of vectors: 16 of them stand side by side on any machine, in one pack of 16, two of 8 or four
/// of 4, and are added in one order.
/// </summary>
internal static class LaneSum
{
    /// <summary>How many sums stand side by side.</summary>
    public const int Lanes = 16;

    /// <summary>How far it is from an element of a sum to the next: <see cref="Lanes"/>, or 1 where packs of one work on what is left of an array.</summary>
    public static int Step<T>() where T : unmanaged, ILanes<T> => T.Count == 1 ? 1 : Lanes;

    /// <summary>The sum over elements [start, end), a multiple of the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Of<TPass, T>(TPass pass, long start, long end) where TPass : struct, ISum where T : unmanaged, ILanes<T>
    {
        T sum0 = T.Broadcast(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (long i = start; i < end; i += T.Count == 1 ? 1 : Lanes)
        {
            sum0 = pass.Add(sum0, i);
            if (T.Count == 4 || T.Count == 8) sum1 = pass.Add(sum1, i + T.Count);
            if (T.Count != 4) continue;
            sum2 = pass.Add(sum2, i + 2 * T.Count);
            sum3 = pass.Add(sum3, i + 3 * T.Count);
        }
        if (T.Count == 4) sum0 = sum0 + sum2 + (sum1 + sum3);
        if (T.Count == 8) sum0 += sum1;
        return T.Sum(sum0);
    }
}
