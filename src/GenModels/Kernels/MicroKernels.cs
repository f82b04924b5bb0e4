using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;

namespace GenModels.Kernels;

/// <summary>
/// Tiles of a matrix product whose sums stay in registers: some rows of A, anywhere in memory, times a packed panel of B of one to
/// three vectors' width. Each sum is one chain of fused multiply-adds over the inner dimension, so its bits depend neither on the tile nor on the
/// vectors' width.
/// </summary>
internal static unsafe class MicroKernels
{
    /// <summary>The rows of the tallest tile.</summary>
    public const int MostRows = 8;

    /// <summary>Some of the rows [row, endRow) of the product: 8, 4 or 1 of them, as the return value tells.</summary>
    /// <param name="rows">How many rows there are at most, at least 1.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="a">The first element of A.</param>
    /// <param name="row">The distance from a row of A to the next.</param>
    /// <param name="step">The distance between the elements of a row of A.</param>
    /// <param name="vectors">The width of the panel: 1, 2 or 3.</param>
    /// <param name="b">The panel.</param>
    /// <param name="c">Receives the tile.</param>
    /// <param name="cRow">The distance from a row of C to the next.</param>
    /// <param name="add">Whether the tile is added to what is there.</param>
    public static int Run<T>(long rows, long inner, float* a, long row, long step, int vectors, float* b, float* c, long cRow, bool add)
        where T : unmanaged, ILanes<T>
    {
        // Eight rows of more than one vector take more than 16 registers, of which AVX-512 and Arm have 32.
        int count = rows >= 8 && (vectors == 1 || T.Count == 16 || AdvSimd.IsSupported) ? 8 : rows >= 4 ? 4 : 1;
        switch (vectors, count)
        {
            case (3, 8): EightByThree<T>(inner, a, row, step, b, c, cRow, add); break;
            case (3, 4): FourByThree<T>(inner, a, row, step, b, c, cRow, add); break;
            case (3, _): OneByThree<T>(inner, a, step, b, c, add); break;
            case (2, 8): EightByTwo<T>(inner, a, row, step, b, c, cRow, add); break;
            case (2, 4): FourByTwo<T>(inner, a, row, step, b, c, cRow, add); break;
            case (2, _): OneByTwo<T>(inner, a, step, b, c, add); break;
            case (_, 8): EightByOne<T>(inner, a, row, step, b, c, cRow, add); break;
            case (_, 4): FourByOne<T>(inner, a, row, step, b, c, cRow, add); break;
            default: OneByOne<T>(inner, a, step, b, c, add); break;
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByThree<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T z = T.Broadcast(0);
        T c00 = z, c01 = z, c02 = z, c10 = z, c11 = z, c12 = z, c20 = z, c21 = z, c22 = z, c30 = z, c31 = z, c32 = z;
        T c40 = z, c41 = z, c42 = z, c50 = z, c51 = z, c52 = z, c60 = z, c61 = z, c62 = z, c70 = z, c71 = z, c72 = z;
        float* a4 = a + 4 * row;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + 2 * T.Count);
            T x = T.Broadcast(a[0]);
            (c00, c01, c02) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01), T.MultiplyAdd(x, b2, c02));
            x = T.Broadcast(a[row]);
            (c10, c11, c12) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11), T.MultiplyAdd(x, b2, c12));
            x = T.Broadcast(a[2 * row]);
            (c20, c21, c22) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21), T.MultiplyAdd(x, b2, c22));
            x = T.Broadcast(a[row3]);
            (c30, c31, c32) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31), T.MultiplyAdd(x, b2, c32));
            x = T.Broadcast(a4[0]);
            (c40, c41, c42) = (T.MultiplyAdd(x, b0, c40), T.MultiplyAdd(x, b1, c41), T.MultiplyAdd(x, b2, c42));
            x = T.Broadcast(a4[row]);
            (c50, c51, c52) = (T.MultiplyAdd(x, b0, c50), T.MultiplyAdd(x, b1, c51), T.MultiplyAdd(x, b2, c52));
            x = T.Broadcast(a4[2 * row]);
            (c60, c61, c62) = (T.MultiplyAdd(x, b0, c60), T.MultiplyAdd(x, b1, c61), T.MultiplyAdd(x, b2, c62));
            x = T.Broadcast(a4[row3]);
            (c70, c71, c72) = (T.MultiplyAdd(x, b0, c70), T.MultiplyAdd(x, b1, c71), T.MultiplyAdd(x, b2, c72));
            a += step;
            a4 += step;
            b += 3 * T.Count;
        }
        Store(c, c00, c01, c02, add);
        Store(c += cRow, c10, c11, c12, add);
        Store(c += cRow, c20, c21, c22, add);
        Store(c += cRow, c30, c31, c32, add);
        Store(c += cRow, c40, c41, c42, add);
        Store(c += cRow, c50, c51, c52, add);
        Store(c += cRow, c60, c61, c62, add);
        Store(c + cRow, c70, c71, c72, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByThree<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T z = T.Broadcast(0);
        T c00 = z, c01 = z, c02 = z, c10 = z, c11 = z, c12 = z, c20 = z, c21 = z, c22 = z, c30 = z, c31 = z, c32 = z;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count), b2 = T.Load(b + 2 * T.Count);
            T x = T.Broadcast(a[0]);
            (c00, c01, c02) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01), T.MultiplyAdd(x, b2, c02));
            x = T.Broadcast(a[row]);
            (c10, c11, c12) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11), T.MultiplyAdd(x, b2, c12));
            x = T.Broadcast(a[2 * row]);
            (c20, c21, c22) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21), T.MultiplyAdd(x, b2, c22));
            x = T.Broadcast(a[row3]);
            (c30, c31, c32) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31), T.MultiplyAdd(x, b2, c32));
            a += step;
            b += 3 * T.Count;
        }
        Store(c, c00, c01, c02, add);
        Store(c += cRow, c10, c11, c12, add);
        Store(c += cRow, c20, c21, c22, add);
        Store(c + cRow, c30, c31, c32, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByThree<T>(long inner, float* a, long step, float* b, float* c, bool add) where T : unmanaged, ILanes<T>
    {
        T c0 = T.Broadcast(0), c1 = c0, c2 = c0;
        for (; inner > 0; inner--)
        {
            T x = T.Broadcast(*a);
            (c0, c1, c2) = (T.MultiplyAdd(x, T.Load(b), c0), T.MultiplyAdd(x, T.Load(b + T.Count), c1), T.MultiplyAdd(x, T.Load(b + 2 * T.Count), c2));
            a += step;
            b += 3 * T.Count;
        }
        Store(c, c0, c1, c2, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByTwo<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T z = T.Broadcast(0);
        T c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z;
        T c40 = z, c41 = z, c50 = z, c51 = z, c60 = z, c61 = z, c70 = z, c71 = z;
        float* a4 = a + 4 * row;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            T x = T.Broadcast(a[0]);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            x = T.Broadcast(a[row]);
            (c10, c11) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11));
            x = T.Broadcast(a[2 * row]);
            (c20, c21) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21));
            x = T.Broadcast(a[row3]);
            (c30, c31) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31));
            x = T.Broadcast(a4[0]);
            (c40, c41) = (T.MultiplyAdd(x, b0, c40), T.MultiplyAdd(x, b1, c41));
            x = T.Broadcast(a4[row]);
            (c50, c51) = (T.MultiplyAdd(x, b0, c50), T.MultiplyAdd(x, b1, c51));
            x = T.Broadcast(a4[2 * row]);
            (c60, c61) = (T.MultiplyAdd(x, b0, c60), T.MultiplyAdd(x, b1, c61));
            x = T.Broadcast(a4[row3]);
            (c70, c71) = (T.MultiplyAdd(x, b0, c70), T.MultiplyAdd(x, b1, c71));
            a += step;
            a4 += step;
            b += 2 * T.Count;
        }
        Store(c, c00, c01, add);
        Store(c += cRow, c10, c11, add);
        Store(c += cRow, c20, c21, add);
        Store(c += cRow, c30, c31, add);
        Store(c += cRow, c40, c41, add);
        Store(c += cRow, c50, c51, add);
        Store(c += cRow, c60, c61, add);
        Store(c + cRow, c70, c71, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByTwo<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T z = T.Broadcast(0);
        T c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T b0 = T.Load(b), b1 = T.Load(b + T.Count);
            T x = T.Broadcast(a[0]);
            (c00, c01) = (T.MultiplyAdd(x, b0, c00), T.MultiplyAdd(x, b1, c01));
            x = T.Broadcast(a[row]);
            (c10, c11) = (T.MultiplyAdd(x, b0, c10), T.MultiplyAdd(x, b1, c11));
            x = T.Broadcast(a[2 * row]);
            (c20, c21) = (T.MultiplyAdd(x, b0, c20), T.MultiplyAdd(x, b1, c21));
            x = T.Broadcast(a[row3]);
            (c30, c31) = (T.MultiplyAdd(x, b0, c30), T.MultiplyAdd(x, b1, c31));
            a += step;
            b += 2 * T.Count;
        }
        Store(c, c00, c01, add);
        Store(c += cRow, c10, c11, add);
        Store(c += cRow, c20, c21, add);
        Store(c + cRow, c30, c31, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByTwo<T>(long inner, float* a, long step, float* b, float* c, bool add) where T : unmanaged, ILanes<T>
    {
        T c0 = T.Broadcast(0), c1 = c0;
        for (; inner > 0; inner--)
        {
            T x = T.Broadcast(*a);
            (c0, c1) = (T.MultiplyAdd(x, T.Load(b), c0), T.MultiplyAdd(x, T.Load(b + T.Count), c1));
            a += step;
            b += 2 * T.Count;
        }
        Store(c, c0, c1, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EightByOne<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T c0 = T.Broadcast(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        float* a4 = a + 4 * row;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T x = T.Load(b);
            (c0, c1) = (T.MultiplyAdd(T.Broadcast(a[0]), x, c0), T.MultiplyAdd(T.Broadcast(a[row]), x, c1));
            (c2, c3) = (T.MultiplyAdd(T.Broadcast(a[2 * row]), x, c2), T.MultiplyAdd(T.Broadcast(a[row3]), x, c3));
            (c4, c5) = (T.MultiplyAdd(T.Broadcast(a4[0]), x, c4), T.MultiplyAdd(T.Broadcast(a4[row]), x, c5));
            (c6, c7) = (T.MultiplyAdd(T.Broadcast(a4[2 * row]), x, c6), T.MultiplyAdd(T.Broadcast(a4[row3]), x, c7));
            a += step;
            a4 += step;
            b += T.Count;
        }
        Store(c, c0, add);
        Store(c += cRow, c1, add);
        Store(c += cRow, c2, add);
        Store(c += cRow, c3, add);
        Store(c += cRow, c4, add);
        Store(c += cRow, c5, add);
        Store(c += cRow, c6, add);
        Store(c + cRow, c7, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourByOne<T>(long inner, float* a, long row, long step, float* b, float* c, long cRow, bool add) where T : unmanaged, ILanes<T>
    {
        T c0 = T.Broadcast(0), c1 = c0, c2 = c0, c3 = c0;
        long row3 = 3 * row;
        for (; inner > 0; inner--)
        {
            T x = T.Load(b);
            (c0, c1) = (T.MultiplyAdd(T.Broadcast(a[0]), x, c0), T.MultiplyAdd(T.Broadcast(a[row]), x, c1));
            (c2, c3) = (T.MultiplyAdd(T.Broadcast(a[2 * row]), x, c2), T.MultiplyAdd(T.Broadcast(a[row3]), x, c3));
            a += step;
            b += T.Count;
        }
        Store(c, c0, add);
        Store(c += cRow, c1, add);
        Store(c += cRow, c2, add);
        Store(c + cRow, c3, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne<T>(long inner, float* a, long step, float* b, float* c, bool add) where T : unmanaged, ILanes<T>
    {
        T sum = T.Broadcast(0);
        for (; inner > 0; inner--)
        {
            sum = T.MultiplyAdd(T.Broadcast(*a), T.Load(b), sum);
            a += step;
            b += T.Count;
        }
        Store(c, sum, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* c, T c0, T c1, T c2, bool add) where T : unmanaged, ILanes<T>
    {
        Store(c, c0, add);
        Store(c + T.Count, c1, add);
        Store(c + 2 * T.Count, c2, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* c, T c0, T c1, bool add) where T : unmanaged, ILanes<T>
    {
        Store(c, c0, add);
        Store(c + T.Count, c1, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* c, T sum, bool add) where T : unmanaged, ILanes<T> => (add ? T.Load(c) + sum : sum).Store(c);
}
