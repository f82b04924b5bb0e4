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
internal static class Passes
{
    // Sums within a block are single precision, over blocks double.
    private const int Block = 2048;
    private const long WorthAThread = 32_768;

    /// <summary>The sum of what the parts return. The split depends on length and thread count alone, so the result repeats bit for bit.</summary>
    public static double Run<TPass>(TPass pass, long length) where TPass : struct, IPass
    {
        int threads = (int)Math.Min(torch.get_num_threads(), length / WorthAThread);
        return threads <= 1 ? Range(pass, 0, length) : RunParallel(pass, length, threads);
    }

    /// <summary>The same on the calling thread alone, for passes that write to one place.</summary>
    public static double RunHere<TPass>(TPass pass, long length) where TPass : struct, IPass => Range(pass, 0, length);

    private static double RunParallel<TPass>(TPass pass, long length, int threads) where TPass : struct, IPass
    {
        var sums = new double[threads];
        long blocks = (length + Block - 1) / Block;
        Parallel.For(0, threads, i =>
            sums[i] = Range(pass, blocks * i / threads * Block, Math.Min(length, blocks * (i + 1) / threads * Block)));
        return sums.Sum();
    }

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
}
