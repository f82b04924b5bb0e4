using TorchSharp;

namespace GenModels.Kernels;

/// <summary>
/// C = A·B in single precision, and a pass over what a thread has computed while it is still in that thread's cache. Blocked as Goto and
/// van de Geijn (2008) and the BLIS framework describe: panels of B are packed, sums stay in registers.
/// </summary>
/// <remarks>A result's bits depend neither on the number of threads nor on the width of the vectors.</remarks>
internal static unsafe class MatrixProduct
{
    // A block of A and a panel of B together fit in the second-level cache.
    private const long InnerBlock = 512;
    private const long RowBlock = 256;
    private const long ColumnBlock = 1_008;

    // Multiplications that a thread does in about the time that it takes to hand them over.
    private const long WorthAThread = 200_000;

    [ThreadStatic]
    private static float[]? _packed;

    /// <summary>Whether this machine has the instructions that make it worth while.</summary>
    public static bool Exists => VectorWidth.HasMultiplyAdd;

    /// <param name="a">Shape [rows, inner].</param>
    /// <param name="b">Shape [inner, columns].</param>
    /// <param name="c">Receives A·B, shape [rows, columns], row by row.</param>
    /// <param name="size">The three dimensions.</param>
    /// <param name="add">Whether the product is added to what is in C.</param>
    /// <param name="after">Works on C. A tile has all rows.</param>
    public static void Run<TAfter>(Matrix a, Matrix b, float* c, (long Rows, long Inner, long Columns) size, bool add, TAfter after)
        where TAfter : struct, ITilePass
    {
        long lines = Tiles.Lines(size.Columns);
        long worth = size.Rows * size.Inner * size.Columns / WorthAThread;
        int threads = (int)Math.Clamp(Math.Min(worth, lines), 1, torch.get_num_threads());
        ThreadTeam.Run(new Work<TAfter>(a, b, c, size, add, after), threads);
    }

    /// <summary>The product alone.</summary>
    public static void Run(Matrix a, Matrix b, float* c, (long Rows, long Inner, long Columns) size, bool add) =>
        Run(a, b, c, size, add, default(Nothing));

    /// <summary>The columns [<paramref name="column"/>, <paramref name="end"/>) of the product alone, on the calling thread.</summary>
    public static void RunHere(Matrix a, Matrix b, float* c, (long Rows, long Inner, long Columns) size, bool add, long column, long end) =>
        new Work<Nothing>(a, b, c, size, add, default).Here(column, end);

    /// <summary>A pass that does nothing.</summary>
    public readonly struct Nothing : ITilePass
    {
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
        }
    }

    private readonly struct Work<TAfter>(Matrix a, Matrix b, float* c, (long Rows, long Inner, long Columns) size, bool add, TAfter after) : IParallelWork
        where TAfter : struct, ITilePass
    {
        public void Part(int part, int parts)
        {
            var (column, end) = Tiles.Columns(size.Columns, part, parts);
            Here(column, end);
            Tiles.Here(after, 0, size.Rows, column, end);
        }

        public void Here(long column, long end)
        {
            switch (VectorWidth.Floats)
            {
                case 16: Slice<Lanes16>(column, end); break;
                case 8: Slice<Lanes8>(column, end); break;
                default: Slice<Lanes4>(column, end); break;
            }
        }

        private void Slice<T>(long column, long end) where T : unmanaged, ILanes<T>
        {
            long blocks = (size.Inner + InnerBlock - 1) / InnerBlock;
            for (; column < end; column += ColumnBlock)
                for (long i = 0; i < blocks; i++)
                    Block<T>(size.Inner * i / blocks, size.Inner * (i + 1) / blocks, column, Math.Min(end, column + ColumnBlock));
        }

        /// <summary>Adds A's columns [k, endK) times B's rows [k, endK) to the columns [column, end) of C.</summary>
        private void Block<T>(long k, long endK, long column, long end) where T : unmanaged, ILanes<T>
        {
            long inner = endK - k;
            long vectors = (end - column + T.Count - 1) / T.Count;
            fixed (float* buffer = Packed(inner * vectors * T.Count + 16))
            {
                float* packed = (float*)(((nint)buffer + 63) / 64 * 64);
                PackedPanels.Pack<T>(new(b.At(k, column), b.RowStep, b.ColumnStep), inner, end - column, packed);
                for (long row = 0; row < size.Rows; row += RowBlock)
                {
                    float* panel = packed;
                    long left = vectors;
                    for (long at = column; at < end;)
                    {
                        int width = PackedPanels.Width(left);
                        Panel<T>(k, inner, row, Math.Min(size.Rows, row + RowBlock), panel, width, at, end);
                        left -= width;
                        panel += inner * width * T.Count;
                        at += width * T.Count;
                    }
                }
            }
        }

        /// <summary>Some rows of A times one panel.</summary>
        private void Panel<T>(long k, long inner, long row, long endRow, float* panel, int vectors, long column, long end) where T : unmanaged, ILanes<T>
        {
            float* target = c + row * size.Columns + column;
            long width = vectors * T.Count, valid = Math.Min(width, end - column);
            if (valid == width)
            {
                for (int rows; row < endRow; row += rows, target += rows * size.Columns)
                    rows = MicroKernels.Run<T>(endRow - row, inner, a.At(row, k), a.RowStep, a.ColumnStep, vectors, panel, target, size.Columns, Adds(k));
                return;
            }
            float* tile = stackalloc float[MicroKernels.MostRows * (int)width];
            for (int rows; row < endRow; row += rows, target += rows * size.Columns)
            {
                rows = MicroKernels.Run<T>(endRow - row, inner, a.At(row, k), a.RowStep, a.ColumnStep, vectors, panel, tile, width, add: false);
                for (int r = 0; r < rows; r++) Copy(tile + r * width, target + r * size.Columns, valid, Adds(k));
            }
        }

        // A later block of the inner dimension adds to what the first one wrote.
        private bool Adds(long k) => add || k > 0;

        private static void Copy(float* source, float* target, long count, bool adds)
        {
            if (!adds) new ReadOnlySpan<float>(source, (int)count).CopyTo(new Span<float>(target, (int)count));
            else for (long i = 0; i < count; i++) target[i] += source[i];
        }
    }

    private static float[] Packed(long length)
    {
        if (_packed is not { } packed || packed.Length < length) _packed = packed = GC.AllocateUninitializedArray<float>((int)length);
        return packed;
    }
}
