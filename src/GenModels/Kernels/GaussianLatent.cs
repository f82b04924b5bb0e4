using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>
/// The sampling layer of a VAE, without a graph: z = μ + σ·ε and Σ KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − 1 − log σ²) from the encoder's
/// heads [n, 2·latent], μ before log σ²; and the heads' gradient from that of z.
/// </summary>
internal static class GaussianLatent
{
    /// <summary>z of the shape of <paramref name="epsilon"/>, and the KL summed over batch and dimensions, in nats.</summary>
    public static (Tensor Z, double Kl) Sample(Tensor heads, Tensor epsilon) =>
        TensorMemory.Fits(heads, epsilon) ? Fused(heads, epsilon) : Twin(heads, epsilon);

    /// <summary>The KL of each dimension, summed over the batch, in nats.</summary>
    public static double[] KlOfDimensions(Tensor heads)
    {
        using var scope = NewDisposeScope();
        return TensorMemory.Fits(heads) ? FusedKl(heads) : TwinKl(heads).sum([0L], type: ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>The heads' gradient of f(z) + Σ sⱼ·KLⱼ, from <paramref name="zGradient"/> = ∂f/∂z.</summary>
    /// <param name="heads">μ before log σ², [n, 2·latent].</param>
    /// <param name="epsilon">ε, [n, latent].</param>
    /// <param name="zGradient">∂f/∂z, [n, latent].</param>
    /// <param name="klScales">sⱼ, one for each dimension.</param>
    public static Tensor Gradient(Tensor heads, Tensor epsilon, Tensor zGradient, float[] klScales) =>
        TensorMemory.Fits(heads, epsilon, zGradient)
            ? FusedGradient(heads, epsilon, zGradient, klScales)
            : TwinGradient(heads, epsilon, zGradient, klScales);

    internal static unsafe (Tensor Z, double Kl) Fused(Tensor heads, Tensor epsilon)
    {
        var (rows, latent) = Size(heads, epsilon);
        var z = empty_like(epsilon);
        float* h = TensorMemory.Pointer(heads), e = TensorMemory.Pointer(epsilon), target = TensorMemory.Pointer(z);
        var sums = new double[rows];
        fixed (double* kl = sums) Tiles.RunRows(new SamplePass(h, e, target, kl, latent), rows, latent);
        GC.KeepAlive(heads);
        GC.KeepAlive(epsilon);
        return (z, sums.Sum());
    }

    internal static (Tensor Z, double Kl) Twin(Tensor heads, Tensor epsilon)
    {
        using var scope = NewDisposeScope();
        var (mean, logVariance) = Split(heads);
        var kl = TwinKl(heads).sum(float64);
        return ((mean + (0.5 * logVariance).exp() * epsilon).MoveToOuterDisposeScope(), kl.item<double>());
    }

    internal static Tensor TwinKl(Tensor heads)
    {
        var (mean, logVariance) = Split(heads);
        return 0.5 * (mean.square() + logVariance.expm1() - logVariance);
    }

    internal static unsafe double[] FusedKl(Tensor heads)
    {
        var (rows, latent) = (heads.shape[0], heads.shape[1] / 2);
        var sums = new float[latent];
        float* h = TensorMemory.Pointer(heads);
        fixed (float* target = sums)
            for (long row = 0; row < rows; row++)
                Passes.RunHere(new KlPass(h + 2 * latent * row, h + 2 * latent * row + latent, target), latent);
        GC.KeepAlive(heads);
        return Array.ConvertAll(sums, sum => (double)sum);
    }

    internal static unsafe Tensor FusedGradient(Tensor heads, Tensor epsilon, Tensor zGradient, float[] klScales)
    {
        var (rows, latent) = Size(heads, epsilon);
        ArgumentOutOfRangeException.ThrowIfNotEqual(klScales.Length, latent);
        TensorMemory.RequireMatrix(zGradient, rows, latent);
        var gradient = empty_like(heads);
        float* h = TensorMemory.Pointer(heads), e = TensorMemory.Pointer(epsilon);
        float* dz = TensorMemory.Pointer(zGradient), target = TensorMemory.Pointer(gradient);
        fixed (float* scales = klScales)
        {
            for (long row = 0; row < rows; row++)
            {
                long at = 2 * latent * row;
                Passes.RunHere(
                    new GradientPass(h + at, h + at + latent, e + latent * row, dz + latent * row, target + at, target + at + latent, scales), latent);
            }
        }
        GC.KeepAlive(heads);
        GC.KeepAlive(epsilon);
        GC.KeepAlive(zGradient);
        return gradient;
    }

    internal static Tensor TwinGradient(Tensor heads, Tensor epsilon, Tensor zGradient, float[] klScales)
    {
        using var scope = NewDisposeScope();
        var klScale = tensor(klScales, device: heads.device);
        var (mean, logVariance) = Split(heads);
        var viaDeviation = 0.5 * zGradient * epsilon * (0.5 * logVariance).exp();
        return cat([zGradient + klScale * mean, viaDeviation + 0.5 * klScale * logVariance.expm1()], 1).MoveToOuterDisposeScope();
    }

    private static (long Rows, long Latent) Size(Tensor heads, Tensor epsilon)
    {
        long[] shape = epsilon.shape;
        TensorMemory.RequireMatrix(heads, shape[0], 2 * shape[1]);
        return (shape[0], shape[1]);
    }

    private static (Tensor Mean, Tensor LogVariance) Split(Tensor heads)
    {
        long latent = heads.shape[1] / 2;
        return (heads.narrow(1, 0, latent), heads.narrow(1, latent, latent));
    }

    private readonly unsafe struct SamplePass(float* heads, float* epsilon, float* z, double* kl, long latent) : ITilePass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
            {
                float* mean = heads + 2 * latent * row;
                kl[row] += LaneSum.Of<SampleRow, T>(new SampleRow(mean, mean + latent, epsilon + latent * row, z + latent * row), column, endColumn);
            }
        }
    }

    private readonly unsafe struct SampleRow(float* mean, float* logVariance, float* epsilon, float* z) : ISum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            var (half, one) = (T.Broadcast(0.5f), T.Broadcast(1));
            var (mu, lv) = (T.Load(mean + i), T.Load(logVariance + i));
            var sigma = LaneMath.Exp(half * lv);
            T.MultiplyAdd(sigma, T.Load(epsilon + i), mu).Store(z + i);
            return sum + half * (mu * mu + sigma * sigma - one - lv);
        }
    }

    // Adds to the sums.
    private readonly unsafe struct KlPass(float* mean, float* logVariance, float* sums) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (half, one) = (T.Broadcast(0.5f), T.Broadcast(1));
            for (long i = start; i < end; i += T.Count)
            {
                var (mu, lv) = (T.Load(mean + i), T.Load(logVariance + i));
                var sigma = LaneMath.Exp(half * lv);
                (T.Load(sums + i) + half * (mu * mu + sigma * sigma - one - lv)).Store(sums + i);
            }
        }
    }

    private readonly unsafe struct GradientPass(
        float* mean, float* logVariance, float* epsilon, float* dz, float* dMean, float* dLogVariance, float* klScales) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (half, one) = (T.Broadcast(0.5f), T.Broadcast(1));
            for (long i = start; i < end; i += T.Count)
            {
                var scale = T.Load(klScales + i);
                var sigma = LaneMath.Exp(half * T.Load(logVariance + i));
                var d = T.Load(dz + i);
                T.MultiplyAdd(scale, T.Load(mean + i), d).Store(dMean + i);
                (half * (d * T.Load(epsilon + i) * sigma + scale * (sigma * sigma - one))).Store(dLogVariance + i);
            }
        }
    }
}
