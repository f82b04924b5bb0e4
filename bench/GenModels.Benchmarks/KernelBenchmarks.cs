using BenchmarkDotNet.Attributes;
using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Benchmarks;

/// <summary>Each kernel beside the tensor operators that do the same, at the sizes of a 784-400-20 VAE's step with 128 examples.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Rows = 128;
    private const int Pixels = 784;
    private const int Hidden = 400;
    private const int Latent = 20;

    private static readonly AdamUpdate.Rates AdamRates = new(0.9f, 0.999f, 1e-3f, 1, 1e-8f, 0);
    private static readonly MomentumUpdate.Rates MomentumRates = new(0.5f, 0.1f, 0);

    private readonly Tensor _x = rand(Rows, Pixels);
    private readonly Tensor _logits = randn(Rows, Pixels);
    private readonly Tensor _heads = randn(Rows, 2 * Latent);
    private readonly Tensor _epsilon = randn(Rows, Latent);
    private readonly Tensor _weight = randn(Hidden, Pixels);
    private readonly Tensor _gradient = randn(Hidden, Pixels);
    private readonly Tensor _moment1 = zeros(Hidden, Pixels);
    private readonly Tensor _moment2 = zeros(Hidden, Pixels);
    private readonly Tensor _output = zeros(Rows, Hidden);
    private readonly float[] _variances = new float[Pixels];

    [Benchmark]
    public void BernoulliLossKernel()
    {
        using var scope = NewDisposeScope();
        BernoulliLoss.Fused(_logits, _x, 1);
    }

    [Benchmark]
    public void BernoulliLossOperators() => BernoulliLoss.Twin(_logits, _x, 1).Gradient.Dispose();

    [Benchmark]
    public void SquaredErrorKernel()
    {
        using var scope = NewDisposeScope();
        SquaredError.Fused(_logits, _x, 1);
    }

    [Benchmark]
    public void SquaredErrorOperators() => SquaredError.Twin(_logits, _x, 1).Gradient.Dispose();

    [Benchmark]
    public void GaussianLatentKernel()
    {
        using var scope = NewDisposeScope();
        GaussianLatent.Fused(_heads, _epsilon);
    }

    [Benchmark]
    public void GaussianLatentOperators() => GaussianLatent.Twin(_heads, _epsilon).Z.Dispose();

    [Benchmark]
    public void AdamKernel() => AdamUpdate.Fused(_weight, _gradient, _moment1, _moment2, AdamRates);

    [Benchmark]
    public void AdamOperators() => AdamUpdate.Twin(_weight, _gradient, _moment1, _moment2, AdamRates);

    [Benchmark]
    public void MomentumKernel() => MomentumUpdate.Fused(_weight, _gradient, _moment1, MomentumRates);

    [Benchmark]
    public void MomentumOperators() => MomentumUpdate.Twin(_weight, _gradient, _moment1, MomentumRates);

    [Benchmark]
    public double SquaredNormKernel() => SquaredNorm.Fused(_gradient);

    [Benchmark]
    public double SquaredNormOperators() => SquaredNorm.Twin(_gradient);

    [Benchmark]
    public void ColumnVarianceKernel() => ColumnVariance.Fused(_x, _variances);

    [Benchmark]
    public void ColumnVarianceOperators() => ColumnVariance.Twin(_x, _variances);

    [Benchmark]
    public unsafe void MatrixProductKernel() => MatrixProduct.Run(
        new Matrix(TensorMemory.Pointer(_x), Pixels, 1), new Matrix(TensorMemory.Pointer(_weight), Pixels, 1).Transposed,
        TensorMemory.Pointer(_output), (Rows, Pixels, Hidden), add: false);

    [Benchmark]
    public void MatrixProductOperator()
    {
        using var transposed = _weight.t();
        _output.addmm_(_x, transposed, beta: 0, alpha: 1);
    }
}
