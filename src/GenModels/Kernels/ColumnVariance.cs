using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>The unbiased variance of every column over the rows.</summary>
internal static unsafe class ColumnVariance
{
    /// <param name="x">Shape [rows, columns] with at least two rows.</param>
    /// <param name="variances">Receives one value for each column.</param>
    public static void Of(Tensor x, Span<float> variances)
    {
        if (TensorMemory.Fits(x)) Fused(x, variances);
        else Twin(x, variances);
    }

    internal static void Fused(Tensor x, Span<float> variances)
    {
        var (rows, columns) = (x.shape[0], x.shape[1]);
        Guard.SameLength(variances.Length, (int)columns, nameof(variances), nameof(x));
        fixed (float* target = variances) Tiles.Run(new Pass(TensorMemory.Pointer(x), target, rows, columns), rows, columns);
        GC.KeepAlive(x);
    }

    internal static void Twin(Tensor x, Span<float> variances)
    {
        using var scope = NewDisposeScope();
        x.var(dimensions: [0], unbiased: true).to(float32).cpu().data<float>().ToArray().CopyTo(variances);
    }

    // The mean first and then the squares around it, so that nothing cancels.
    private readonly struct Pass(float* x, float* variances, long rows, long columns) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            var (perRow, perRest) = (T.Broadcast(1f / rows), T.Broadcast(1f / (rows - 1)));
            for (long c = column; c < endColumn; c += T.Count)
            {
                var sum = T.Broadcast(0);
                for (long r = row; r < endRow; r++) sum += T.Load(x + r * columns + c);
                var mean = sum * perRow;
                var squares = T.Broadcast(0);
                for (long r = row; r < endRow; r++)
                {
                    var deviation = T.Load(x + r * columns + c) - mean;
                    squares = T.MultiplyAdd(deviation, deviation, squares);
                }
                (squares * perRest).Store(variances + c);
            }
        }
    }
}
