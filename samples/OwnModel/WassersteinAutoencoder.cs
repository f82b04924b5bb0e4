using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels.Samples;

/// <summary>Settings: whatever a file needs in order to make the model again.</summary>
public sealed record WassersteinOptions : ModelOptions
{
    public int CodeSize { get; init; } = 8;
    public int Hidden { get; init; } = 400;
    public double Weight { get; init; } = 100;
    public double WeightAverage { get; init; }
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    public override void Validate()
    {
        base.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(CodeSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Hidden, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Weight);
        if (Condition is not null) throw new ArgumentException("The model takes no condition.", nameof(Condition));
    }
}

/// <summary>Figures of a step: −log p(x|z) in nats per example, how far the codes are from the prior, and the objective.</summary>
public sealed record WassersteinMetrics(double Reconstruction, double Discrepancy, double Loss) : IMetrics
{
    public IEnumerable<(string Name, double Value)> Named => [("loss", Loss), ("reconstruction", Reconstruction), ("discrepancy", Discrepancy)];
}

/// <summary>A Wasserstein autoencoder: the codes of a batch are kept near N(0, I) by their maximum mean discrepancy (Tolstikhin et al. 2018, algorithm 2).</summary>
[StoredName("wasserstein-autoencoder")]
public sealed class WassersteinAutoencoder : GenerativeModel<WassersteinOptions, WassersteinMetrics>
{
    private readonly Backpropagation _encoder, _decoder;
    private readonly ObservationModel _pixels;
    private readonly Optimizer _optimizer;

    public WassersteinAutoencoder(WassersteinOptions options, Device? device = null) : base(options, device)
    {
        var weights = RandomGenerator.For(options.Seed, "weights");
        Backpropagation Network(string name, long inputs, long outputs) => PassThrough(AddNetwork(name, new Mlp(
            inputs, [options.Hidden], outputs, Activation.Relu, Activation.Identity, Initialization.Default, weights)));
        (_encoder, _decoder) = (Network("encoder", options.ExampleSize, options.CodeSize), Network("decoder", options.CodeSize, options.ExampleSize));
        _pixels = Owned(Likelihood.Bernoulli.Create(Device));
        _optimizer = AddOptimizer("optimizer", options.Optimizer, [.. _encoder.Parameters, .. _decoder.Parameters]);
        KeepAverages(options.WeightAverage, _optimizer);
    }

    protected override WassersteinMetrics Step(Batch batch)
    {
        var x = batch.Examples.flatten(1);
        var codes = _encoder.Forward(x);
        var (reconstruction, pixelGradient, _) = _pixels.LossAndGradient(_decoder.Forward(codes, inputGradient: true), x, 1.0 / x.shape[0]);
        var (discrepancy, apart) = Discrepancy(codes, Noise);
        var (ofDecoder, codeGradient) = _decoder.Backward(pixelGradient);
        var metrics = Metrics(reconstruction / x.shape[0], discrepancy);
        Update(metrics.Loss, _optimizer, [.. _encoder.Backward((codeGradient ?? zeros_like(codes)) + Options.Weight * apart).Parameters, .. ofDecoder]);
        return metrics;
    }

    protected override WassersteinMetrics Judge(Batch batch, RandomGenerator generator)
    {
        var x = batch.Examples.flatten(1);
        var codes = _encoder.Network.call(x);
        return Metrics(-_pixels.LogProbability(_decoder.Network.call(codes), x).Average(), Discrepancy(codes, generator).Value);
    }

    protected override Tensor Draw(int count, RandomGenerator generator, Tensor? condition) =>
        _pixels.Mean(_decoder.Network.call(generator.Normal([count, Options.CodeSize]).to(Device)));

    protected override void CheckExamples(Tensor examples, string name)
    {
        base.CheckExamples(examples, name);
        _pixels.CheckData(examples, name);
    }

    private WassersteinMetrics Metrics(double reconstruction, double discrepancy) => new(reconstruction, discrepancy, reconstruction + Options.Weight * discrepancy);

    /// <summary>MMD² between codes and as many draws of N(0, I), by the kernel C/(C + ‖a − b‖²) with C = 2d, and its gradient over libtorch's graph.</summary>
    private (double Value, Tensor Gradient) Discrepancy(Tensor codes, RandomGenerator generator)
    {
        using var normal = inference_mode(false);
        using var graph = enable_grad();
        var (z, prior, c) = (codes.detach().clone().requires_grad_(), generator.Normal(codes.shape).to(Device), 2.0 * Options.CodeSize);
        Tensor Kernel(Tensor a, Tensor b) => (c / ((a.unsqueeze(1) - b.unsqueeze(0)).square().sum([2L]) + c)).mean();
        var mmd = Kernel(z, z) + Kernel(prior, prior) - 2 * Kernel(z, prior);
        return (mmd.item<float>(), autograd.grad([mmd], [z])[0]);
    }
}
