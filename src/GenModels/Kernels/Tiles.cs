using TorchSharp;

namespace GenModels.Kernels;

/// <summary>A pass over a matrix in row-major order.</summary>
internal interface ITilePass
{
    /// <summary>Works on a tile whose width is a multiple of <c>T.Count</c>.</summary>
    void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>;
}

/// <summary>Runs passes over matrices on as many threads as torch uses.</summary>
internal static class Tiles
{
    // Columns of one thread start at a cache line of their own.
    private const long Line = 16;

    /// <summary>Splits the columns over threads: each works on all rows.</summary>
    public static void Run<TPass>(TPass pass, long rows, long columns) where TPass : struct, ITilePass
    {
        long threads = Math.Min(Lines(columns), rows * columns / Passes.WorthAThread);
        ThreadTeam.Run(new Work<TPass>(pass, rows, columns), (int)Math.Clamp(threads, 1, torch.get_num_threads()));
    }

    /// <summary>
    /// Splits the rows over threads: each works on all columns, for passes that sum over them. Tiles are multiples of 16 columns wide, the
    /// step of sums, and the columns that are left come one by one.
    /// </summary>
    public static void RunRows<TPass>(TPass pass, long rows, long columns) where TPass : struct, ITilePass
    {
        long threads = Math.Min(rows, rows * columns / Passes.WorthAThread);
        ThreadTeam.Run(new RowWork<TPass>(pass, rows, columns), (int)Math.Clamp(threads, 1, torch.get_num_threads()));
    }

    /// <summary>Works on one tile on the calling thread, with the widest vectors there are.</summary>
    public static void Here<TPass>(TPass pass, long row, long endRow, long column, long endColumn) where TPass : struct, ITilePass
    {
        long middle = endColumn - (endColumn - column) % VectorWidth.Floats;
        Split(pass, row, endRow, column, middle, endColumn);
    }

    private static void Split<TPass>(TPass pass, long row, long endRow, long column, long middle, long endColumn) where TPass : struct, ITilePass
    {
        switch (VectorWidth.Floats)
        {
            case 16: pass.Tile<Lanes16>(row, endRow, column, middle); break;
            case 8: pass.Tile<Lanes8>(row, endRow, column, middle); break;
            default: pass.Tile<Lanes4>(row, endRow, column, middle); break;
        }
        if (middle < endColumn) pass.Tile<Lanes1>(row, endRow, middle, endColumn);
    }

    /// <summary>How many cache lines a row has.</summary>
    public static long Lines(long columns) => (columns + Line - 1) / Line;

    /// <summary>The columns of one thread.</summary>
    public static (long Start, long End) Columns(long columns, int part, int parts) =>
        (Lines(columns) * part / parts * Line, Math.Min(columns, Lines(columns) * (part + 1) / parts * Line));

    private readonly struct RowWork<TPass>(TPass pass, long rows, long columns) : IParallelWork where TPass : struct, ITilePass
    {
        public void Part(int part, int parts) =>
            Split(pass, rows * part / parts, rows * (part + 1) / parts, 0, columns - columns % LaneSum.Lanes, columns);
    }

    private readonly struct Work<TPass>(TPass pass, long rows, long columns) : IParallelWork where TPass : struct, ITilePass
    {
        public void Part(int part, int parts)
        {
            var (start, end) = Columns(columns, part, parts);
            Here(pass, 0, rows, start, end);
        }
    }
}
