using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>Squared Euclidean distances between the rows of two matrices, in double precision.</summary>
/// <remarks>
/// Each is the sum of the squared differences in order, not ‖a‖² + ‖b‖² − 2ab, which loses small distances far from the origin and tells
/// apart distances that are equal. It is exact wherever every partial sum is a double, as for integers, and its bits depend on nothing but the
/// two rows: neither on which comes first, nor on threads, nor on the width of vectors.
/// </remarks>
internal static unsafe class SquaredDistance
{
    private const int RowsATile = 4;
    private const int VectorsATile = 2;

    /// <summary>The squared differences that a thread sums in a few times what it takes to hand them over.</summary>
    private const double WorthAThread = 65_536;

    /// <summary>Fills a matrix [rows, others] with the distances between the rows of a [rows, inner] and those of b [others, inner], all contiguous.</summary>
    public static void Fill(double* a, long rows, double* b, long others, long inner, double* distances)
    {
        switch (VectorWidth.Floats)
        {
            case 16: Fill<EightDoubles>(a, rows, b, others, inner, distances); break;
            case 8: Fill<FourDoubles>(a, rows, b, others, inner, distances); break;
            default: Fill<TwoDoubles>(a, rows, b, others, inner, distances); break;
        }
    }

    /// <summary>The same with vectors of a given width.</summary>
    internal static void Fill<T>(double* a, long rows, double* b, long others, long inner, double* distances) where T : unmanaged, IDoubleLanes<T>
    {
        int width = VectorsATile * T.Count;
        long panels = (others + width - 1) / width;
        int threads = (int)Math.Clamp((double)rows * others * inner / WorthAThread, 1, Math.Min(torch.get_num_threads(), panels));
        var buffer = (double*)NativeMemory.AlignedAlloc((nuint)(threads * inner * width * sizeof(double)), 64);
        try
        {
            ThreadTeam.Run(new Work<T>(a, rows, b, others, inner, distances, buffer), threads);
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }

    /// <summary>Goes through panels of b: a tile's width of its rows, laid side by side.</summary>
    private readonly struct Work<T>(double* a, long rows, double* b, long others, long inner, double* distances, double* buffer) : IParallelWork
        where T : unmanaged, IDoubleLanes<T>
    {
        private static int Width => VectorsATile * T.Count;

        public void Part(int part, int parts)
        {
            double* panel = buffer + part * inner * Width;
            double* tile = stackalloc double[RowsATile * Width];
            long panels = (others + Width - 1) / Width;
            for (long p = panels * part / parts; p < panels * (part + 1) / parts; p++)
            {
                long start = p * Width;
                int width = (int)Math.Min(Width, others - start);
                Pack(panel, start, width);
                for (long row = 0; row < rows; row += RowsATile)
                {
                    Tile<T>(Row(row), Row(row + 1), Row(row + 2), Row(row + 3), panel, inner, tile);
                    long count = Math.Min(RowsATile, rows - row);
                    for (long r = 0; r < count; r++)
                        new ReadOnlySpan<double>(tile + r * Width, width).CopyTo(new Span<double>(distances + (row + r) * others + start, width));
                }
            }
        }

        /// <summary>A row of a; behind the last one that one again, so that every tile is whole.</summary>
        private double* Row(long row) => a + Math.Min(row, rows - 1) * inner;

        private void Pack(double* panel, long start, int width)
        {
            for (int column = 0; column < Width; column++)
            {
                double* source = b + (start + Math.Min(column, width - 1)) * inner;
                for (long i = 0; i < inner; i++) panel[i * Width + column] = source[i];
            }
        }
    }

    /// <summary>The distances between four rows and the rows of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile<T>(double* row0, double* row1, double* row2, double* row3, double* panel, long inner, double* tile)
        where T : unmanaged, IDoubleLanes<T>
    {
        T zero = T.Broadcast(0);
        var (s00, s01, s10, s11, s20, s21, s30, s31) = (zero, zero, zero, zero, zero, zero, zero, zero);
        for (long i = 0; i < inner; i++)
        {
            T b0 = T.Load(panel), b1 = T.Load(panel + T.Count);
            panel += VectorsATile * T.Count;
            T x = T.Broadcast(row0[i]);
            s00 = T.AddSquaredDifference(x, b0, s00);
            s01 = T.AddSquaredDifference(x, b1, s01);
            x = T.Broadcast(row1[i]);
            s10 = T.AddSquaredDifference(x, b0, s10);
            s11 = T.AddSquaredDifference(x, b1, s11);
            x = T.Broadcast(row2[i]);
            s20 = T.AddSquaredDifference(x, b0, s20);
            s21 = T.AddSquaredDifference(x, b1, s21);
            x = T.Broadcast(row3[i]);
            s30 = T.AddSquaredDifference(x, b0, s30);
            s31 = T.AddSquaredDifference(x, b1, s31);
        }
        s00.Store(tile);
        s01.Store(tile + T.Count);
        s10.Store(tile + 2 * T.Count);
        s11.Store(tile + 3 * T.Count);
        s20.Store(tile + 4 * T.Count);
        s21.Store(tile + 5 * T.Count);
        s30.Store(tile + 6 * T.Count);
        s31.Store(tile + 7 * T.Count);
    }
}
