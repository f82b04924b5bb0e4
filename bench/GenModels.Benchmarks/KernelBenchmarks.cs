using BenchmarkDotNet.Attributes;
using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Benchmarks;

/// <summary>
/// Each kernel beside the tensor operators that do the same, at the sizes of a 784-400-20 VAE's step with 128 examples, and of a layer of 240
/// maxout units; and a million random numbers.
/// </summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Rows = 128;
    private const int Pixels = 784;
    private const int Hidden = 400;
    private const int Latent = 20;
    private const int Units = 240;
    private const int Pieces = 5;
    private const double Rate = 0.2;
    private const int Draws = 1_000_000;

    private static readonly AdamUpdate.Rates AdamRates = new(0.9f, 0.1f, 0.999f, 0.001f, 1e-3f, 1, 1e-8f, 0);
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
    private readonly Tensor _mask = zeros(Rows, Pixels);
    private readonly Tensor _pieces = randn([Rows, Units, Pieces]);
    private readonly Tensor _greatest = randn(Rows, Units);
    private readonly Tensor _chosen = zeros([Rows, Units], int32);
    private readonly Generator _generator = new(0);
    private readonly RandomGenerator _random = new(0);
    private readonly float[] _variances = new float[Pixels];
    private readonly float[] _logitGradient = new float[Rows * Pixels];

    [Benchmark]
    public void BernoulliLossKernel()
    {
        using var scope = NewDisposeScope();
        BernoulliLoss.Fused(_logits, _x, 1);
    }

    [Benchmark]
    public void BernoulliLossOperators() => BernoulliLoss.Twin(_logits, _x, 1).Gradient.Dispose();

    [Benchmark]
    public double LogitLossKernel() => GanLosses.Generator(GanObjective.NonSaturating, TensorMemory.Floats(_logits), _logitGradient);

    [Benchmark]
    public double LogitLossOperators()
    {
        using var scope = NewDisposeScope();
        var opposite = -_logits;
        _ = opposite.sigmoid() * (-1.0 / (Rows * Pixels));
        return nn.functional.softplus(opposite).mean().item<float>();
    }

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
    public unsafe void DropoutKernel()
    {
        _random.FillChoice(TensorMemory.Pointer(_mask), _mask.numel(), Rate, 0, (float)(1 / (1 - Rate)));
        DropoutMask.Apply(TensorMemory.Pointer(_x), TensorMemory.Pointer(_mask), TensorMemory.Pointer(_mask), _mask.numel());
    }

    [Benchmark]
    public void DropoutOperators()
    {
        using var scope = NewDisposeScope();
        _ = _x * (rand(_x.shape, generator: _generator).ge(Rate).to(float32) * (1 / (1 - Rate)));
    }

    [Benchmark]
    public void NormalKernel() => _random.Normal([Draws]).Dispose();

    [Benchmark]
    public void NormalOperator() => randn(Draws, generator: _generator).Dispose();

    [Benchmark]
    public void UniformKernel() => _random.Uniform([Draws]).Dispose();

    [Benchmark]
    public void UniformOperator() => rand(Draws, generator: _generator).Dispose();

    [Benchmark]
    public unsafe void MaxoutKernel()
    {
        int* chosen = (int*)TensorMemory.Pointer(_chosen);
        Maxout.Forward(TensorMemory.Pointer(_pieces), Pieces, TensorMemory.Pointer(_greatest), chosen, _greatest.numel());
        Maxout.Backward(TensorMemory.Pointer(_greatest), chosen, Pieces, TensorMemory.Pointer(_pieces), _greatest.numel());
    }

    [Benchmark]
    public void MaxoutOperators()
    {
        using var scope = NewDisposeScope();
        var greatest = _pieces.max(2).values.unsqueeze(2);
        _ = _pieces.eq(greatest).to(float32) * greatest;
    }

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
