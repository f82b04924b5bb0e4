using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GenModels.Kernels;

/// <summary>Columns of a matrix, copied so that a micro-kernel reads them one vector after another.</summary>
internal static unsafe class PackedPanels
{
    /// <summary>How many of the vectors that are left the next panel takes: three, or two where one would be left alone.</summary>
    public static int Width(long vectors) => vectors is 1 or 2 or 4 ? Math.Min((int)vectors, 2) : 3;

    /// <summary>Packs <paramref name="columns"/> columns into panels [inner, width], the last one filled up with zeros.</summary>
    public static void Pack<T>(Matrix b, long inner, long columns, float* target) where T : unmanaged, ILanes<T>
    {
        long left = (columns + T.Count - 1) / T.Count;
        for (long column = 0; column < columns;)
        {
            int vectors = Width(left);
            long width = vectors * T.Count, valid = Math.Min(width, columns - column);
            float* source = b.Values + column * b.ColumnStep;
            if (b.ColumnStep != 1) Transposed(source, b.ColumnStep, inner, valid, width, target);
            else if (valid == width) Rows<T>(source, b.RowStep, inner, vectors, target);
            else Parts(source, b.RowStep, inner, valid, width, target);
            if (valid < width) Clear(target, inner, valid, width);
            left -= vectors;
            column += width;
            target += inner * width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<T>(float* source, long step, long inner, int vectors, float* target) where T : unmanaged, ILanes<T>
    {
        for (long k = 0; k < inner; k++, source += step)
            for (int i = 0; i < vectors; i++, target += T.Count) T.Load(source + i * T.Count).Store(target);
    }

    private static void Parts(float* source, long step, long inner, long valid, long width, float* target)
    {
        for (long k = 0; k < inner; k++)
            new ReadOnlySpan<float>(source + k * step, (int)valid).CopyTo(new Span<float>(target + k * width, (int)valid));
    }

    /// <summary>From memory in which a column's elements stand side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(float* source, long step, long inner, long valid, long width, float* target)
    {
        long blocks = Sse.IsSupported || AdvSimd.Arm64.IsSupported ? inner / 4 * 4 : 0, columns = valid / 4 * 4;
        for (long k = 0; k < blocks; k += 4)
            for (long column = 0; column < columns; column += 4)
                TransposeBlock(source + column * step + k, step, target + k * width + column, width);
        for (long k = 0; k < inner; k++)
            for (long column = k < blocks ? columns : 0; column < valid; column++)
                target[k * width + column] = source[column * step + k];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* source, long step, float* target, long width)
    {
        var (a, b) = (Vector128.Load(source), Vector128.Load(source + step));
        var (c, d) = (Vector128.Load(source + 2 * step), Vector128.Load(source + 3 * step));
        var (ab, cd) = (InTurnLow(a, b), InTurnLow(c, d));
        LowHalves(ab, cd).Store(target);
        HighHalves(ab, cd).Store(target + width);
        (ab, cd) = (InTurnHigh(a, b), InTurnHigh(c, d));
        LowHalves(ab, cd).Store(target + 2 * width);
        HighHalves(ab, cd).Store(target + 3 * width);
    }

    /// <summary>a₀ b₀ a₁ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InTurnLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    /// <summary>a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InTurnHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    /// <summary>a₀ a₁ b₀ b₁.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowHalves(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(a, b) : AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble()).AsSingle();

    /// <summary>a₂ a₃ b₂ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HighHalves(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.MoveHighToLow(b, a) : AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble()).AsSingle();

    private static void Clear(float* target, long inner, long valid, long width)
    {
        for (long k = 0; k < inner; k++) new Span<float>(target + k * width + valid, (int)(width - valid)).Clear();
    }
}
