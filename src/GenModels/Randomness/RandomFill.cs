using GenModels.Kernels;

namespace GenModels.Randomness;

/// <summary>Fills memory with the random numbers of a call, with the widest vectors there are and on as many threads as torch uses.</summary>
internal static unsafe class RandomFill
{
    // Words and what is made of them lie in the first cache between the two passes.
    private const long MostGroups = 16;

    /// <summary>Writes the numbers at the places <paramref name="first"/>, <paramref name="first"/> + 1, … of the call.</summary>
    public static void Run<TTransform>(TTransform transform, RandomCall call, long first, float* target, long count)
        where TTransform : struct, IWordTransform =>
        ThreadTeam.Run(new Work<TTransform>(transform, call, first, target, count), Passes.Threads(count));

    /// <summary>The same on the calling thread, in packs of 16, 8, 4 or 1.</summary>
    public static void Here<TTransform>(TTransform transform, RandomCall call, long first, float* target, long count, int lanes)
        where TTransform : struct, IWordTransform
    {
        float* edge = stackalloc float[WordGroups.Size];
        while (count > 0)
        {
            var (group, skipped) = Math.DivRem(first, WordGroups.Size);
            long taken = Math.Min(count, WordGroups.Size - skipped);
            if (taken == WordGroups.Size)
            {
                long groups = Math.Min(MostGroups, count / WordGroups.Size);
                Groups(transform, call, group, groups, target, lanes);
                taken = groups * WordGroups.Size;
            }
            else
            {
                Groups(transform, call, group, 1, edge, lanes);
                new Span<float>(edge + skipped, (int)taken).CopyTo(new Span<float>(target, (int)taken));
            }
            first += taken;
            target += taken;
            count -= taken;
        }
    }

    /// <summary>Writes the words of one group.</summary>
    public static void Words(RandomCall call, long group, uint* target) => Words(call, group, 1, target, VectorWidth.Floats);

    private static void Groups<TTransform>(TTransform transform, RandomCall call, long group, long groups, float* target, int lanes)
        where TTransform : struct, IWordTransform
    {
        Words(call, group, groups, (uint*)target, lanes);
        switch (lanes)
        {
            case 16: transform.Apply<Lanes16>(target, groups); break;
            case 8: transform.Apply<Lanes8>(target, groups); break;
            case 4: transform.Apply<Lanes4>(target, groups); break;
            default: transform.Apply<Lanes1>(target, groups); break;
        }
    }

    private static void Words(RandomCall call, long group, long groups, uint* target, int lanes)
    {
        switch (lanes)
        {
            case 16: WordGroups.Fill<PhiloxLanes8>(call, group, groups, target); break;
            case 8: WordGroups.Fill<PhiloxLanes4>(call, group, groups, target); break;
            case 4: WordGroups.Fill<PhiloxLanes2>(call, group, groups, target); break;
            default: WordGroups.Fill(call, group, groups, target); break;
        }
    }

    private readonly struct Work<TTransform>(TTransform transform, RandomCall call, long first, float* target, long count) : IParallelWork
        where TTransform : struct, IWordTransform
    {
        public void Part(int part, int parts)
        {
            // Threads share no group, so that none is made twice.
            long groups = (first % WordGroups.Size + count + WordGroups.Size - 1) / WordGroups.Size, start = first / WordGroups.Size;
            long from = Math.Max(first, (start + groups * part / parts) * WordGroups.Size);
            long to = Math.Min(first + count, (start + groups * (part + 1) / parts) * WordGroups.Size);
            Here(transform, call, from, target + (from - first), to - from, VectorWidth.Floats);
        }
    }
}
