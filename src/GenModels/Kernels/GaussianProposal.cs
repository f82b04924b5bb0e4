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
        var (rows, latent) = (epsilon.shape[0], epsilon.shape[1]);
        var z = empty_like(epsilon);
        var ratios = new double[rows];
        fixed (double* target = ratios)
            Tiles.RunRows(
                new Pass(
                    TensorMemory.Pointer(heads), TensorMemory.Pointer(epsilon), TensorMemory.Pointer(z), target, latent, rows / heads.shape[0]),
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

    private readonly unsafe struct Pass(float* heads, float* epsilon, float* z, double* ratios, long latent, long group) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            var half = T.Broadcast(0.5f);
            for (; row < endRow; row++)
            {
                float* mean = heads + row / group * 2 * latent, logVariance = mean + latent;
                var sum = T.Broadcast(0);
                for (long c = column; c < endColumn; c += T.Count)
                {
                    var (lv, e) = (T.Load(logVariance + c), T.Load(epsilon + row * latent + c));
                    var value = T.MultiplyAdd(LaneMath.Exp(half * lv), e, T.Load(mean + c));
                    value.Store(z + row * latent + c);
                    sum += half * (e * e + lv - value * value);
                }
                ratios[row] += T.Sum(sum);
            }
        }
    }
}
