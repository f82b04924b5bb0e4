using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ (y − x)² over each row.</summary>
internal static class SquaredErrorRows
{
    /// <summary>The sum for each row of y [n·k, d], of which k in turn share one row of x [n, d].</summary>
    public static double[] Sum(Tensor y, Tensor x) => TensorMemory.Fits(y, x) ? Fused(y, x) : Twin(y, x);

    internal static unsafe double[] Fused(Tensor y, Tensor x)
    {
        var (rows, columns, group) = TensorMemory.Grouped(y, x);
        var sums = new double[rows];
        fixed (double* target = sums)
            Tiles.RunRows(new Pass(TensorMemory.Pointer(y), TensorMemory.Pointer(x), target, columns, group), rows, columns);
        GC.KeepAlive(y);
        GC.KeepAlive(x);
        return sums;
    }

    internal static double[] Twin(Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        var squares = (y.view(x.shape[0], y.shape[0] / x.shape[0], x.shape[1]) - x.unsqueeze(1)).square();
        return squares.sum(2, type: float64).view(-1).cpu().data<double>().ToArray();
    }

    /// <summary>(y − x)·v with a weight v for each row: half the gradient of the weighted sum, of the shape of y.</summary>
    public static Tensor WeightedGradient(Tensor y, Tensor x, float[] weights) =>
        TensorMemory.Fits(y, x) ? FusedGradient(y, x, weights) : TwinGradient(y, x, weights);

    internal static unsafe Tensor FusedGradient(Tensor y, Tensor x, float[] weights)
    {
        var (rows, columns, group) = TensorMemory.Grouped(y, x);
        Guard.SameLength(weights.Length, (int)rows, nameof(weights), nameof(y));
        var gradient = empty_like(y);
        fixed (float* scales = weights)
            Tiles.Run(
                new GradientPass(TensorMemory.Pointer(y), TensorMemory.Pointer(x), scales, TensorMemory.Pointer(gradient), columns, group),
                rows, columns);
        GC.KeepAlive(y);
        GC.KeepAlive(x);
        return gradient;
    }

    internal static Tensor TwinGradient(Tensor y, Tensor x, float[] weights)
    {
        using var scope = NewDisposeScope();
        var rows = y.view(x.shape[0], y.shape[0] / x.shape[0], x.shape[1]);
        var scales = tensor(weights, device: x.device).to(y.dtype).view(rows.shape[0], rows.shape[1], 1);
        return ((rows - x.unsqueeze(1)) * scales).view(y.shape).MoveToOuterDisposeScope();
    }

    private readonly unsafe struct GradientPass(float* y, float* x, float* weights, float* gradient, long columns, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
            {
                float* value = y + row * columns, target = x + row / group * columns;
                var scale = T.Broadcast(weights[row]);
                for (long c = column; c < endColumn; c += T.Count)
                    ((T.Load(value + c) - T.Load(target + c)) * scale).Store(gradient + row * columns + c);
            }
        }
    }

    private readonly unsafe struct Pass(float* y, float* x, double* sums, long columns, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
                sums[row] += LaneSum.Of<Row, T>(new Row(y + row * columns, x + row / group * columns), column, endColumn);
        }
    }

    private readonly unsafe struct Row(float* y, float* x) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var difference = T.Load(y + i) - T.Load(x + i);
            return T.MultiplyAdd(difference, difference, sum);
        }
    }
}
