using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>
/// Draws of q(z|x) = N(μ, σ²) as proposals for importance sampling: z = μ + σ·ε, and log p(z) − log q(z|x) = ½ Σ (ε² + log σ² − z²) with
/// p = N(0, I), in which the terms log 2π have cancelled.
/// </summary>
internal static class GaussianProposal
{
    /// <summary>z of the shape of ε [n·k, latent], of which k rows in turn share one row of the heads [n, 2·latent]; and nats for each row.</summary>
    public static (Tensor Z, double[] LogRatio) Sample(Tensor heads, Tensor epsilon) =>
        TensorMemory.Fits(heads, epsilon) ? Fused(heads, epsilon) : Twin(heads, epsilon);

    internal static unsafe (Tensor Z, double[] LogRatio) Fused(Tensor heads, Tensor epsilon)
    {
        var (rows, latent, group) = Size(heads, epsilon);
        var z = empty_like(epsilon);
        var ratios = new double[rows];
        fixed (double* target = ratios)
            Tiles.RunRows(
                new Pass(
                    TensorMemory.Pointer(heads), TensorMemory.Pointer(epsilon), TensorMemory.Pointer(z), target, latent, group),
                rows, latent);
        GC.KeepAlive(heads);
        GC.KeepAlive(epsilon);
        return (z, ratios);
    }

    internal static (Tensor Z, double[] LogRatio) Twin(Tensor heads, Tensor epsilon)
    {
        using var scope = NewDisposeScope();
        var (rows, latent) = (epsilon.shape[0], epsilon.shape[1]);
        var noise = epsilon.view(heads.shape[0], rows / heads.shape[0], latent);
        var (mean, logVariance) = (heads.narrow(1, 0, latent).unsqueeze(1), heads.narrow(1, latent, latent).unsqueeze(1));
        var z = mean + (0.5 * logVariance).exp() * noise;
        var ratios = 0.5 * (noise.square() + logVariance - z.square()).sum(2, type: float64);
        return (z.reshape(rows, latent).MoveToOuterDisposeScope(), ratios.view(-1).cpu().data<double>().ToArray());
    }

    /// <summary>
    /// The heads' gradient of f(z) − Σ vᵣ·(log p(zᵣ) − log q(zᵣ|x)) over the rows r, from <paramref name="zGradient"/> = ∂f/∂z:
    /// with d = ∂f/∂z + v·z, dμ = Σ d and d log σ² = ½ Σ (d·σ·ε − v), summed over the rows that share a row of the heads.
    /// </summary>
    public static Tensor Gradient(Tensor heads, Tensor epsilon, Tensor z, Tensor zGradient, float[] weights) =>
        TensorMemory.Fits(heads, epsilon, z, zGradient)
            ? FusedGradient(heads, epsilon, z, zGradient, weights)
            : TwinGradient(heads, epsilon, z, zGradient, weights);

    internal static unsafe Tensor FusedGradient(Tensor heads, Tensor epsilon, Tensor z, Tensor zGradient, float[] weights)
    {
        var (rows, latent, group) = Size(heads, epsilon);
        TensorMemory.RequireMatrix(z, rows, latent);
        TensorMemory.RequireMatrix(zGradient, rows, latent);
        Guard.SameLength(weights.Length, (int)rows, nameof(weights), nameof(z));
        var gradient = empty_like(heads);
        fixed (float* scales = weights)
            Tiles.RunRows(
                new GradientPass(
                    TensorMemory.Pointer(heads), TensorMemory.Pointer(epsilon), TensorMemory.Pointer(z), TensorMemory.Pointer(zGradient), scales,
                    TensorMemory.Pointer(gradient), latent, group),
                rows / group, latent);
        GC.KeepAlive(heads);
        GC.KeepAlive(epsilon);
        GC.KeepAlive(z);
        GC.KeepAlive(zGradient);
        return gradient;
    }

    internal static Tensor TwinGradient(Tensor heads, Tensor epsilon, Tensor z, Tensor zGradient, float[] weights)
    {
        using var scope = NewDisposeScope();
        var (examples, latent) = (heads.shape[0], epsilon.shape[1]);
        Tensor Grouped(Tensor rows, long columns) => rows.view(examples, rows.shape[0] / examples, columns);
        var scales = Grouped(tensor(weights, device: heads.device).to(heads.dtype), 1);
        var d = Grouped(zGradient, latent) + scales * Grouped(z, latent);
        var deviation = (0.5 * heads.narrow(1, latent, latent)).exp().unsqueeze(1);
        var viaDeviation = 0.5 * (d * deviation * Grouped(epsilon, latent) - scales).sum(1);
        return cat([d.sum(1), viaDeviation], 1).MoveToOuterDisposeScope();
    }

    private static (long Rows, long Latent, long Group) Size(Tensor heads, Tensor epsilon)
    {
        long[] shape = epsilon.shape;
        var (rows, latent, examples) = (shape[0], shape[1], heads.shape[0]);
        if (examples < 1 || rows % examples != 0)
            throw new ArgumentException($"There are {rows} draws for {examples} rows of heads, expected as many draws for each.", nameof(epsilon));
        TensorMemory.RequireMatrix(heads, examples, 2 * latent);
        return (rows, latent, rows / examples);
    }

    private readonly unsafe struct GradientPass(
        float* heads, float* epsilon, float* z, float* zGradient, float* weights, float* gradient, long latent, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            var half = T.Broadcast(0.5f);
            for (; row < endRow; row++)
            {
                float* logVariance = heads + row * 2 * latent + latent, target = gradient + row * 2 * latent;
                for (long c = column; c < endColumn; c += T.Count)
                {
                    var sigma = LaneMath.Exp(half * T.Load(logVariance + c));
                    var (viaMean, viaDeviation) = (T.Broadcast(0), T.Broadcast(0));
                    for (long r = row * group; r < (row + 1) * group; r++)
                    {
                        var v = T.Broadcast(weights[r]);
                        var d = T.MultiplyAdd(v, T.Load(z + r * latent + c), T.Load(zGradient + r * latent + c));
                        viaMean += d;
                        viaDeviation += d * sigma * T.Load(epsilon + r * latent + c) - v;
                    }
                    viaMean.Store(target + c);
                    (half * viaDeviation).Store(target + latent + c);
                }
            }
        }
    }

    private readonly unsafe struct Pass(float* heads, float* epsilon, float* z, double* ratios, long latent, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
            {
                float* mean = heads + row / group * 2 * latent;
                ratios[row] += LaneSum.Of<Row, T>(new Row(mean, mean + latent, epsilon + row * latent, z + row * latent), column, endColumn);
            }
        }
    }

    private readonly unsafe struct Row(float* mean, float* logVariance, float* epsilon, float* z) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var half = T.Broadcast(0.5f);
            var (lv, e) = (T.Load(logVariance + i), T.Load(epsilon + i));
            var value = T.MultiplyAdd(LaneMath.Exp(half * lv), e, T.Load(mean + i));
            value.Store(z + i);
            return sum + half * (e * e + lv - value * value);
        }
    }
}
