using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels.Outside;

public sealed record AdversarialAutoencoderOptions : ModelOptions
{
    public int CodeSize { get; init; } = 2;

    public ValueList<int> Hidden { get; init; } = [16];

    public Likelihood Likelihood { get; init; } = Likelihood.Bernoulli;

    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    public OptimizerOptions AdversarialOptimizer { get; init; } = new AdamOptions { LearningRate = 2e-4, Beta1 = 0.5 };

    public double WeightAverage { get; init; }
}

public sealed record AdversarialAutoencoderMetrics(double Loss, double Discriminator, double Encoder) : IMetrics
{
    public IEnumerable<(string Name, double Value)> Named => [("loss", Loss), ("discriminator", Discriminator), ("encoder", Encoder)];
}

/// <summary>
/// An adversarial autoencoder (Makhzani et al. 2016): an autoencoder whose codes a discriminator can't tell from draws of the prior N(0, I).
/// </summary>
[StoredName("adversarial-autoencoder")]
public sealed class AdversarialAutoencoder : GenerativeModel<AdversarialAutoencoderOptions, AdversarialAutoencoderMetrics>, ILatentModel
{
    private readonly nn.Module<Tensor, Tensor> _encoder, _decoder, _discriminator;
    private readonly Backpropagation _encoding, _decoding, _discriminating;
    private readonly ObservationModel _observation, _judgement;
    private readonly Optimizer _autoencoderOptimizer, _encoderOptimizer, _discriminatorOptimizer;

    public AdversarialAutoencoder(AdversarialAutoencoderOptions options, Device? device = null) : base(options, device)
    {
        var weights = RandomGenerator.For(options.Seed, "weights");
        Mlp Network(long inputs, IEnumerable<int> hidden, long outputs) =>
            new(inputs, [.. hidden], outputs, Activation.Relu, Activation.Identity, Initialization.Default, weights);
        using var scope = NewDisposeScope();
        _encoder = AddNetwork("encoder", Network(options.ExampleSize, options.Hidden, options.CodeSize));
        _decoder = AddNetwork("decoder", Network(options.CodeSize, options.Hidden.Reverse(), options.ExampleSize));
        _discriminator = AddNetwork("discriminator", Network(options.CodeSize, options.Hidden, 1));
        (_encoding, _decoding, _discriminating) = (PassThrough(_encoder), PassThrough(_decoder), PassThrough(_discriminator));
        (_observation, _judgement) = (Owned(options.Likelihood.Create(Device)), Owned(Likelihood.Bernoulli.Create(Device)));
        _autoencoderOptimizer = AddOptimizer("optimizer", options.Optimizer, [.. _encoding.Parameters, .. _decoding.Parameters]);
        _encoderOptimizer = AddOptimizer("encoder.optimizer", options.AdversarialOptimizer, _encoding.Parameters);
        _discriminatorOptimizer = AddOptimizer("discriminator.optimizer", options.AdversarialOptimizer, _discriminating.Parameters);
        KeepAverages(options.WeightAverage, _autoencoderOptimizer);
    }

    public int CodeSize => Options.CodeSize;

    public Tensor Encode(Batch examples)
    {
        Check(examples, nameof(examples));
        using var look = Inference();
        return _encoder.call(examples.Examples.flatten(1)).MoveToOuterDisposeScope();
    }

    public Tensor Decode(Tensor codes, Tensor? condition = null)
    {
        CheckCondition(condition, codes.shape[0], nameof(condition));
        using var look = Inference();
        return AsExamples(_observation.Mean(_decoder.call(codes))).MoveToOuterDisposeScope();
    }

    protected override AdversarialAutoencoderMetrics Step(Batch batch)
    {
        var x = batch.Examples.flatten(1);
        long n = x.shape[0];
        var output = _decoding.Forward(_encoding.Forward(x), inputGradient: true);
        var (loss, gradient, _) = _observation.LossAndGradient(output, x, 1.0 / n);
        var (ofDecoder, codeGradient) = _decoding.Backward(gradient);
        Update(loss, _autoencoderOptimizer, [.. _encoding.Backward(codeGradient ?? zeros(n, CodeSize)).Parameters, .. ofDecoder]);

        // The discriminator learns to say 1 of the prior and 0 of codes; then the encoder, to be told 1.
        var codes = _encoding.Forward(x);
        var targets = cat([ones(n, 1), zeros(n, 1)]);
        var (discriminator, slope) = CrossEntropy(_discriminating.Forward(cat([Prior(n, Noise), codes])), targets);
        Update(discriminator, _discriminatorOptimizer, _discriminating.Backward(slope).Parameters);
        var (encoder, fooling) = CrossEntropy(_discriminating.Forward(codes, inputGradient: true), ones(n, 1));
        Update(encoder, _encoderOptimizer, _encoding.Backward(_discriminating.InputGradient(fooling) ?? zeros_like(codes)).Parameters);
        return new(loss / n, discriminator, encoder);
    }

    protected override AdversarialAutoencoderMetrics Judge(Batch batch, RandomGenerator generator)
    {
        var x = batch.Examples.flatten(1);
        var codes = _encoder.call(x);
        var (loss, _, _) = _observation.LossAndGradient(_decoder.call(codes), x, 1);
        var (ofPrior, ofCodes) = (_discriminator.call(Prior(x.shape[0], generator)), _discriminator.call(codes));
        var (discriminator, _) = CrossEntropy(cat([ofPrior, ofCodes]), cat([ones_like(ofPrior), zeros_like(ofCodes)]));
        return new(loss / x.shape[0], discriminator, CrossEntropy(ofCodes, ones_like(ofCodes)).Loss);
    }

    protected override Tensor Draw(int count, RandomGenerator generator, Tensor? condition) => _observation.Mean(_decoder.call(Prior(count, generator)));

    protected override void CheckExamples(Tensor examples, string name)
    {
        base.CheckExamples(examples, name);
        _observation.CheckData(examples, name);
    }

    private Tensor Prior(long count, RandomGenerator generator) => generator.Normal([count, CodeSize]).to(Device);

    /// <summary>The mean of −log p(target) in nats, and its gradient by the logits.</summary>
    private (double Loss, Tensor Gradient) CrossEntropy(Tensor logits, Tensor targets)
    {
        double count = logits.shape[0];
        var (sum, gradient, _) = _judgement.LossAndGradient(logits, targets, 1 / count);
        return (sum / count, gradient);
    }
}
