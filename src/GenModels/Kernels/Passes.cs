using TorchSharp;

namespace GenModels.Kernels;

/// <summary>One pass over arrays of floats.</summary>
internal interface IPass
{
    /// <summary>Works on elements [start, end), a multiple of <c>T.Count</c>.</summary>
    void Part<T>(long start, long end) where T : unmanaged, ILanes<T>;
}

/// <summary>Runs passes on as many threads as torch uses.</summary>
internal static unsafe class Passes
{
    /// <summary>The elements that a thread works on in a few times what it takes to hand them over.</summary>
    public const long WorthAThread = 8_192;

    // Sums within a block are single precision, over blocks double.
    private const int Block = 2048;
    private const int MostThreads = 256;

    /// <summary>How many threads are worth waking for a pass.</summary>
    public static int Threads(long length) => (int)Math.Clamp(length / WorthAThread, 1, Math.Min(torch.get_num_threads(), MostThreads));

    /// <summary>Runs a pass with the widest vectors there are.</summary>
    public static void Run<TPass>(TPass pass, long length) where TPass : struct, IPass =>
        ThreadTeam.Run(new Work<TPass>(pass, length), Threads(length));

    /// <summary>The same on the calling thread alone.</summary>
    public static void RunHere<TPass>(TPass pass, long length) where TPass : struct, IPass => Range(pass, 0, length);

    /// <summary>
    /// The sum of what the parts return. Its order depends on length and thread count alone, not on the width of vectors, so the result repeats
    /// bit for bit.
    /// </summary>
    public static double Sum<TPass>(TPass pass, long length) where TPass : struct, ISum
    {
        int threads = Threads(length);
        if (threads == 1) return SumHere(pass, length);
        double* sums = stackalloc double[threads];
        ThreadTeam.Run(new SumWork<TPass>(pass, length, sums), threads);
        double sum = 0;
        for (int i = 0; i < threads; i++) sum += sums[i];
        return sum;
    }

    /// <summary>The same on the calling thread alone.</summary>
    public static double SumHere<TPass>(TPass pass, long length) where TPass : struct, ISum => RangeSum(pass, 0, length);

    private static void Range<TPass>(TPass pass, long start, long end) where TPass : struct, IPass
    {
        long middle = end - (end - start) % VectorWidth.Floats;
        switch (VectorWidth.Floats)
        {
            case 16: pass.Part<Lanes16>(start, middle); break;
            case 8: pass.Part<Lanes8>(start, middle); break;
            default: pass.Part<Lanes4>(start, middle); break;
        }
        if (middle < end) pass.Part<Lanes1>(middle, end);
    }

    private static double RangeSum<TPass>(TPass pass, long start, long end) where TPass : struct, ISum => VectorWidth.Floats switch
    {
        16 => RangeSum<TPass, Lanes16>(pass, start, end),
        8 => RangeSum<TPass, Lanes8>(pass, start, end),
        _ => RangeSum<TPass, Lanes4>(pass, start, end),
    };

    private static double RangeSum<TPass, T>(TPass pass, long start, long end) where TPass : struct, ISum where T : unmanaged, ILanes<T>
    {
        double sum = 0;
        for (; start < end; start += Block)
        {
            long endBlock = Math.Min(end, start + Block), middle = endBlock - (endBlock - start) % LaneSum.Lanes;
            float block = LaneSum.Of<TPass, T>(pass, start, middle);
            sum += middle < endBlock ? block + LaneSum.Of<TPass, Lanes1>(pass, middle, endBlock) : block;
        }
        return sum;
    }

    // Threads share no cache line.
    private static (long Start, long End) Part(long length, int part, int parts)
    {
        long blocks = (length + Block - 1) / Block;
        return (blocks * part / parts * Block, Math.Min(length, blocks * (part + 1) / parts * Block));
    }

    private readonly struct Work<TPass>(TPass pass, long length) : IParallelWork where TPass : struct, IPass
    {
        public void Part(int part, int parts)
        {
            var (start, end) = Passes.Part(length, part, parts);
            Range(pass, start, end);
        }
    }

    private readonly struct SumWork<TPass>(TPass pass, long length, double* sums) : IParallelWork where TPass : struct, ISum
    {
        public void Part(int part, int parts)
        {
            var (start, end) = Passes.Part(length, part, parts);
            sums[part] = RangeSum(pass, start, end);
        }
    }
}
