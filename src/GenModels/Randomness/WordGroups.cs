using System.Runtime.CompilerServices;

namespace GenModels.Randomness;

/// <summary>What a call of a generator draws from: each pair of key and step has random words of its own.</summary>
internal readonly record struct RandomCall(ulong Key, ulong Step);

/// <summary>The random words of a call, in groups of 64.</summary>
/// <remarks>
/// Group g consists of the four words of each of the 16 counters 16g, …, 16g + 15: first the 16 first words, then the second ones, and so on.
/// Vectors of any width up to 16 words can so be stored as they are computed, and the order is the same for all.
/// </remarks>
internal static unsafe class WordGroups
{
    /// <summary>The words of a group.</summary>
    public const int Size = 4 * Counters;

    private const int Counters = 16;

    /// <summary>Writes some groups, one counter after the other.</summary>
    public static void Fill(RandomCall call, long group, long groups, uint* target)
    {
        for (ulong i = 0; i < (ulong)(groups * Counters); i++)
        {
            uint* first = target + i / Counters * Size + i % Counters;
            (first[0], first[Counters], first[2 * Counters], first[3 * Counters]) = Philox.Block((ulong)group * Counters + i, call.Step, call.Key);
        }
    }

    /// <summary>Writes the same with vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Fill<T>(RandomCall call, long group, long groups, uint* target) where T : unmanaged, IPhiloxLanes<T>
    {
        // A key for each round and half, in memory: registers are few.
        T* keys = stackalloc T[2 * Philox.Rounds];
        for (int round = 0; round < Philox.Rounds; round++)
        {
            keys[2 * round] = T.Broadcast((uint)call.Key + (uint)round * Philox.KeyStep0);
            keys[2 * round + 1] = T.Broadcast((uint)(call.Key >> 32) + (uint)round * Philox.KeyStep1);
        }
        T multiplier0 = T.Broadcast(Philox.Multiplier0), multiplier1 = T.Broadcast(Philox.Multiplier1);
        for (ulong counter = (ulong)group * Counters, end = (ulong)(group + groups) * Counters; counter < end; counter += Counters, target += Size)
        {
            for (int lane = 0; lane < Counters; lane += 2 * T.Count)
            {
                // A group starts at a multiple of 16, so that its counters differ in the first word alone.
                T a0 = T.Broadcast((uint)counter + (uint)lane) + T.EvenNumbers, b0 = T.Broadcast((uint)counter + (uint)lane + 1) + T.EvenNumbers;
                T a1 = T.Broadcast((uint)(counter >> 32)), b1 = a1;
                T a2 = T.Broadcast((uint)call.Step), b2 = a2;
                T a3 = T.Broadcast((uint)(call.Step >> 32)), b3 = a3;
                // Two rounds at a time and the even and the odd counters in turn: no word moves, and the processor need not wait for a product.
                for (T* key = keys; key < keys + 2 * Philox.Rounds; key += 4)
                {
                    T p = T.Product(multiplier0, a0), q = T.Product(multiplier1, a2), r = T.Product(multiplier0, b0), s = T.Product(multiplier1, b2);
                    a0 = T.High(q) ^ (a1 ^ key[0]);
                    b0 = T.High(s) ^ (b1 ^ key[0]);
                    a2 = T.High(p) ^ (a3 ^ key[1]);
                    b2 = T.High(r) ^ (b3 ^ key[1]);
                    a3 = T.Product(multiplier0, a0);
                    a1 = T.Product(multiplier1, a2);
                    b3 = T.Product(multiplier0, b0);
                    b1 = T.Product(multiplier1, b2);
                    a0 = T.High(a1) ^ (q ^ key[2]);
                    b0 = T.High(b1) ^ (s ^ key[2]);
                    a2 = T.High(a3) ^ (p ^ key[3]);
                    b2 = T.High(b3) ^ (r ^ key[3]);
                }
                T.Store(a0, b0, target + lane);
                T.Store(a1, b1, target + Counters + lane);
                T.Store(a2, b2, target + 2 * Counters + lane);
                T.Store(a3, b3, target + 3 * Counters + lane);
            }
        }
    }
}
