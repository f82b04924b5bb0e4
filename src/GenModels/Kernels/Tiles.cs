using System.Runtime.Intrinsics;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>A pass over a matrix in row-major order.</summary>
internal interface ITilePass
{
    /// <summary>Works on a tile whose width is a multiple of <c>T.Count</c>.</summary>
    void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>;
}

/// <summary>Runs passes over matrices with the widest vectors there are, on as many threads as torch uses.</summary>
internal static class Tiles
{
    // Columns of one thread start at a cache line of their own.
    private const long Line = 16;
    private const long WorthAThread = 32_768;

    /// <summary>Splits the rows over threads.</summary>
    public static void RunRows<TPass>(TPass pass, long rows, long columns) where TPass : struct, ITilePass
    {
        int threads = Threads(rows, rows * columns);
        if (threads <= 1) All(pass, 0, rows, 0, columns);
        else Parallel.For(0, threads, i => All(pass, rows * i / threads, rows * (i + 1) / threads, 0, columns));
    }

    /// <summary>Splits the columns over threads, for passes that sum over rows.</summary>
    public static void RunColumns<TPass>(TPass pass, long rows, long columns) where TPass : struct, ITilePass
    {
        long lines = (columns + Line - 1) / Line;
        int threads = Threads(lines, rows * columns);
        if (threads <= 1) All(pass, 0, rows, 0, columns);
        else Parallel.For(0, threads, i => All(pass, 0, rows, lines * i / threads * Line, Math.Min(columns, lines * (i + 1) / threads * Line)));
    }

    private static int Threads(long pieces, long elements) => (int)Math.Min(torch.get_num_threads(), Math.Min(pieces, elements / WorthAThread));

    private static void All<TPass>(TPass pass, long row, long endRow, long column, long endColumn) where TPass : struct, ITilePass
    {
        long middle = column;
        if (Vector512.IsHardwareAccelerated)
        {
            middle = endColumn - (endColumn - column) % 16;
            pass.Tile<Lanes16>(row, endRow, column, middle);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            middle = endColumn - (endColumn - column) % 8;
            pass.Tile<Lanes8>(row, endRow, column, middle);
        }
        pass.Tile<Lanes1>(row, endRow, middle, endColumn);
    }
}
