using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>One pass over arrays of floats.</summary>
internal interface IPass
{
    /// <summary>Works on elements [start, end), a multiple of <c>T.Count</c>, and returns what this part adds to the pass's sum.</summary>
    float Part<T>(long start, long end) where T : unmanaged, ILanes<T>;
}

/// <summary>Runs passes with the widest vectors there are, on as many threads as torch uses.</summary>
internal static unsafe class Passes
{
    /// <summary>The elements that a thread works on in a few times what it takes to hand them over.</summary>
    public const long WorthAThread = 8_192;

    // Sums within a block are single precision, over blocks double.
    private const int Block = 2048;
    private const int MostThreads = 256;

    /// <summary>How many threads are worth waking for a pass.</summary>
    public static int Threads(long length) => (int)Math.Clamp(length / WorthAThread, 1, Math.Min(torch.get_num_threads(), MostThreads));

    /// <summary>The sum of what the parts return. The split depends on length and thread count alone, so the result repeats bit for bit.</summary>
    public static double Run<TPass>(TPass pass, long length) where TPass : struct, IPass
    {
        int threads = Threads(length);
        if (threads == 1) return RunHere(pass, length);
        double* sums = stackalloc double[threads];
        ThreadTeam.Run(new Work<TPass>(pass, length, sums), threads);
        double sum = 0;
        for (int i = 0; i < threads; i++) sum += sums[i];
        return sum;
    }

    /// <summary>The same on the calling thread alone.</summary>
    public static double RunHere<TPass>(TPass pass, long length) where TPass : struct, IPass => Range(pass, 0, length);

    private static double Range<TPass>(TPass pass, long start, long end) where TPass : struct, IPass
    {
        double sum = 0;
        for (; start < end; start += Block) sum += OneBlock(pass, start, Math.Min(end, start + Block));
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OneBlock<TPass>(TPass pass, long start, long end) where TPass : struct, IPass
    {
        int lanes = Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : 1;
        long middle = end - (end - start) % lanes;
        float sum = lanes switch
        {
            16 => pass.Part<Lanes16>(start, middle),
            8 => pass.Part<Lanes8>(start, middle),
            _ => 0,
        };
        return middle < end || lanes == 1 ? sum + pass.Part<Lanes1>(lanes == 1 ? start : middle, end) : sum;
    }

    private readonly struct Work<TPass>(TPass pass, long length, double* sums) : IParallelWork where TPass : struct, IPass
    {
        public void Part(int part, int parts)
        {
            long blocks = (length + Block - 1) / Block;
            sums[part] = Range(pass, blocks * part / parts * Block, Math.Min(length, blocks * (part + 1) / parts * Block));
        }
    }
}
