using System.Runtime.CompilerServices;
using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>Σ [x·l − max(l, 0) − log(1 + e^−|l|)] over each row: the Bernoulli log-likelihood of x under logits l.</summary>
internal static class BernoulliRows
{
    /// <summary>Nats for each row of logits [n·k, d], of which k in turn share one row of x [n, d].</summary>
    public static double[] LogProbability(Tensor logits, Tensor x) => TensorMemory.Fits(logits, x) ? Fused(logits, x) : Twin(logits, x);

    internal static unsafe double[] Fused(Tensor logits, Tensor x)
    {
        var (rows, columns, group) = TensorMemory.Grouped(logits, x);
        var sums = new double[rows];
        fixed (double* target = sums)
            Tiles.RunRows(new Pass(TensorMemory.Pointer(logits), TensorMemory.Pointer(x), target, columns, group), rows, columns);
        GC.KeepAlive(logits);
        GC.KeepAlive(x);
        return sums;
    }

    internal static double[] Twin(Tensor logits, Tensor x)
    {
        using var scope = NewDisposeScope();
        var l = logits.view(x.shape[0], logits.shape[0] / x.shape[0], x.shape[1]);
        var terms = x.unsqueeze(1) * l - l.clamp(min: 0) - (-l.abs()).exp().log1p();
        return terms.sum(2, type: float64).view(-1).cpu().data<double>().ToArray();
    }

    /// <summary>(σ(l) − x)·v with a weight v for each row: the gradient of minus the weighted sum, of the shape of the logits.</summary>
    public static Tensor WeightedGradient(Tensor logits, Tensor x, float[] weights) =>
        TensorMemory.Fits(logits, x) ? FusedGradient(logits, x, weights) : TwinGradient(logits, x, weights);

    internal static unsafe Tensor FusedGradient(Tensor logits, Tensor x, float[] weights)
    {
        var (rows, columns, group) = TensorMemory.Grouped(logits, x);
        Guard.SameLength(weights.Length, (int)rows, nameof(weights), nameof(logits));
        var gradient = empty_like(logits);
        fixed (float* scales = weights)
            Tiles.Run(
                new GradientPass(
                    TensorMemory.Pointer(logits), TensorMemory.Pointer(x), scales, TensorMemory.Pointer(gradient), columns, group),
                rows, columns);
        GC.KeepAlive(logits);
        GC.KeepAlive(x);
        return gradient;
    }

    internal static Tensor TwinGradient(Tensor logits, Tensor x, float[] weights)
    {
        using var scope = NewDisposeScope();
        var l = logits.view(x.shape[0], logits.shape[0] / x.shape[0], x.shape[1]);
        var scales = tensor(weights, device: x.device).to(logits.dtype).view(l.shape[0], l.shape[1], 1);
        return ((l.sigmoid() - x.unsqueeze(1)) * scales).view(logits.shape).MoveToOuterDisposeScope();
    }

    private readonly unsafe struct GradientPass(float* logits, float* x, float* weights, float* gradient, long columns, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
            {
                float* l = logits + row * columns, target = x + row / group * columns;
                var scale = T.Broadcast(weights[row]);
                for (long c = column; c < endColumn; c += T.Count)
                    ((LaneMath.Sigmoid(T.Load(l + c)) - T.Load(target + c)) * scale).Store(gradient + row * columns + c);
            }
        }
    }

    private readonly unsafe struct Pass(float* logits, float* x, double* sums, long columns, long group) : ITilePass
    {
        // Each factor is at most 2, so that 16 lanes of so many multiply to less than a double's 2¹⁰²⁴.
        private const int Factors = 60;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            float* lanes = stackalloc float[2 * LaneSum.Lanes];
            int step = Factors * LaneSum.Step<T>();
            for (; row < endRow; row++)
            {
                float* l = logits + row * columns, target = x + row / group * columns;
                double sum = 0;
                for (long start = column; start < endColumn; start += step)
                    sum += Part<T>(l, target, start, Math.Min(endColumn, start + step), lanes);
                sums[row] += sum;
            }
        }

        // A product of 1 + e^−|l| needs one logarithm where a sum of logarithms needs one for each element.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static double Part<T>(float* logits, float* x, long start, long end, float* lanes) where T : unmanaged, ILanes<T>
        {
            int step = LaneSum.Step<T>();
            for (int lane = 0; lane < step; lane += T.Count)
            {
                var (zero, sum, product) = (T.Broadcast(0), T.Broadcast(0), T.Broadcast(1));
                for (long i = start + lane; i < end; i += step)
                {
                    var l = T.Load(logits + i);
                    product = T.MultiplyAdd(product, LaneMath.Exp(zero - T.Abs(l)), product);
                    sum += T.Load(x + i) * l - T.Max(l, zero);
                }
                sum.Store(lanes + lane);
                product.Store(lanes + step + lane);
            }
            double sums = 0, products = 1;
            for (int i = 0; i < step; i++) (sums, products) = (sums + lanes[i], products * lanes[step + i]);
            return sums - DoubleMath.Log(products);
        }
    }
}
