using GenModels.Data;
using GenModels.Distributions;
using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2014): an encoder q(z|x) = N(μ(x), diag σ²(x)) and a decoder p(x|z), trained together to
/// maximize the evidence lower bound E_q[log p(x|z)] − β·KL(q(z|x) ‖ N(0, I)).
/// </summary>
/// <remarks>
/// Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], codes [n, latent]. Tensors that a method returns belong to the caller.
/// With <see cref="VaeOptions.WeightAverage"/>, the average of a weight stands beside it in the state, under <c>average.</c> and its name.
/// <para>
/// Samples are means of p(x|z) for z ~ N(0, I), for the Bernoulli likelihood probabilities in [0, 1]. They look smooth, but lack
/// the spread of x around its mean, which <see cref="SampleObservations(int, RandomGenerator, Tensor?)"/> adds.
/// </para>
/// </remarks>
[StoredName("vae")]
public sealed partial class Vae : GenerativeModel<VaeOptions, VaeMetrics>, IVariationalModel
{
    private readonly nn.Module<Tensor, Tensor> _encoder;
    private readonly nn.Module<Tensor, Tensor> _decoder;
    private readonly NetworkOutput _output;
    private readonly ObservationModel _observation;
    private readonly Backpropagation _encoderPass;
    private readonly Backpropagation _decoderPass;
    private readonly Optimizer _optimizer;

    /// <summary>Makes a VAE with the networks of its settings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public Vae(VaeOptions options, Device? device = null) : this(options, null, null, device) { }

    /// <summary>Makes a VAE around networks that the caller brings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="encoder">Maps examples, or what <see cref="ModelOptions.Condition"/> makes of them, to features [n, any], on which the model puts the heads μ and log σ²; null makes the one of the settings.</param>
    /// <param name="decoder">Maps codes [n, latent] to as many values as an example has, or as the likelihood asks for (<see cref="Likelihood.OutputShape"/>); null makes the one of the settings.</param>
    /// <param name="device">Where the weights live; null is the CPU. The networks move there.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or a trial run shows that a network has another shape.</exception>
    /// <remarks>
    /// The model owns the networks and disposes them with itself. In every call a network gives one row for each row of its input, in single
    /// precision and on the input's device; a call of the model in which it does not is an <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Vae(VaeOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder, Device? device = null)
        : base(options, device)
    {
        if (decoder is not null) TrialRun.Expect(decoder, options.InputShape([options.LatentSize]), options.OutputSize, nameof(decoder));
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(options.Seed, RandomStreams.Weights);
        _encoder = AddNetwork(
            "encoder", encoder is null ? VaeEncoders.Create(options, weights) : VaeEncoders.Around(encoder, options, weights), isCallers: encoder is not null);
        _decoder = AddNetwork("decoder", decoder ?? DecoderOf(options, weights), isCallers: decoder is not null);
        _output = new NetworkOutput("decoder", options.OutputSize);
        _observation = Owned(options.Likelihood.Create(Device));
        AddWeights("likelihood", _observation.Parameters);
        (_encoderPass, _decoderPass) = (Owned(Backpropagation.Of(_encoder)), Owned(Backpropagation.Of(_decoder)));
        _optimizer = AddOptimizer(
            "optimizer", options.Optimizer, [.. _encoderPass.Parameters, .. _decoderPass.Parameters, .. _observation.Parameters.Select(p => p.Parameter)]);
        KeepAverages(options.WeightAverage, _optimizer);
    }

    /// <inheritdoc/>
    protected override VaeMetrics Step(Batch batch)
    {
        var x = _observation.Observe(batch.Examples, Noise);
        if (Options.ImportanceSamples > 1) return ImportanceWeightedStep(x, batch.Condition);
        long n = x.shape[0];
        var heads = _encoderPass.Forward(With(batch.Condition, x));
        var epsilon = Epsilon(n, Noise);
        var (z, kl) = GaussianLatent.Sample(heads, epsilon);
        var output = _output.Checked(_decoderPass.Forward(With(batch.Condition, z), inputGradient: true), z);
        var (loss, outputGradient, observationGradients) = _observation.LossAndGradient(output, x, 1.0 / n);

        var (decoderGradients, inputGradient) = _decoderPass.Backward(outputGradient);
        double beta = Options.Beta * Options.BetaSchedule.FactorAt(_optimizer.Steps);
        var price = KlPrice.Of(heads, kl, Options.FreeBits);
        var headsGradient = GaussianLatent.Gradient(heads, epsilon, OfCodes(inputGradient) ?? zeros_like(z), price.Scales(beta / n));
        var (encoderGradients, _) = _encoderPass.Backward(headsGradient);
        var metrics = new VaeMetrics(loss / n + beta * price.Kl, loss / n, kl / n);
        Update(metrics.Loss, _optimizer, [.. encoderGradients, .. decoderGradients, .. observationGradients]);
        return metrics;
    }

    /// <inheritdoc/>
    protected override VaeMetrics Judge(Batch batch, RandomGenerator generator)
    {
        var x = _observation.Observe(batch.Examples, generator);
        if (Options.ImportanceSamples > 1) return ImportanceWeighted(x, batch.Condition, generator);
        long n = x.shape[0];
        var heads = _encoder.call(With(batch.Condition, x));
        var (z, kl) = GaussianLatent.Sample(heads, Epsilon(n, generator));
        var output = Decoded(z, batch.Condition);
        double loss = _observation.Loss(output, x);
        return new VaeMetrics(loss / n + Options.Beta * KlPrice.Of(heads, kl, Options.FreeBits).Kl, loss / n, kl / n);
    }

    /// <inheritdoc/>
    protected override Tensor Draw(int count, RandomGenerator generator, Tensor? condition) =>
        _observation.Mean(Decoded(Epsilon(count, generator), condition));

    /// <summary>Draws examples as the data are: z ~ N(0, I), and then x ~ p(x|z).</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of the draws.</param>
    /// <param name="condition">For a conditional model what each example shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>
    /// Shape [count, example shape], owned by the caller: for the Bernoulli likelihood zeros and ones, for the Gaussian one the mean of p(x|z) plus
    /// noise of its standard deviation, the learned one where it is learned, for the discretized logistic mixture levels of 8-bit pixels.
    /// </returns>
    /// <remarks>
    /// <see cref="IGenerativeModel.Sample"/> gives the means of p(x|z) instead. Means look smoother, but spread less than the data: use this method
    /// for samples that replace data, such as the rows of a table.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public Tensor SampleObservations(int count, RandomGenerator generator, Tensor? condition = null) =>
        Sample(count, generator, condition, (n, source, given) => _observation.Draw(Decoded(Epsilon(n, source), given), source));

    /// <summary>Draws examples as the data are; the same seed draws the same, bit for bit.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="condition">For a conditional model what each example shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    /// <inheritdoc cref="SampleObservations(int, RandomGenerator, Tensor?)" path="/remarks|/exception"/>
    public Tensor SampleObservations(int count, ulong seed, Tensor? condition = null)
    {
        return SampleObservations(count, new RandomGenerator(seed), condition);
    }

    /// <summary>q(z|x): what the encoder knows of the codes of some examples.</summary>
    /// <param name="examples">Shape [n, example shape], with their condition where the model has one.</param>
    /// <returns>μ and log σ² of shape [n, latent]; the caller disposes it.</returns>
    public DiagonalGaussian Encode(Batch examples)
    {
        Check(examples, nameof(examples));
        using var scope = Inference();
        var heads = _encoder.call(With(examples.Condition, examples.Examples));
        var mean = heads.narrow(1, 0, Options.LatentSize).contiguous();
        var logVariance = heads.narrow(1, Options.LatentSize, Options.LatentSize).contiguous();
        return new DiagonalGaussian(mean.MoveToOuterDisposeScope(), logVariance.MoveToOuterDisposeScope());
    }

    Tensor ILatentModel.Encode(Batch examples)
    {
        using var scope = NewDisposeScope();
        return Encode(examples).Mean.MoveToOuterDisposeScope();
    }

    int ILatentModel.CodeSize => Options.LatentSize;

    /// <inheritdoc/>
    public DiagonalGaussian Posterior(Batch examples, RandomGenerator generator)
    {
        Check(examples, nameof(examples));
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        var posterior = Encode(examples with { Examples = _observation.Observe(examples.Examples, generator) });
        posterior.Mean.MoveToOuterDisposeScope();
        posterior.LogVariance.MoveToOuterDisposeScope();
        return posterior;
    }

    /// <summary>The mean of p(x|z).</summary>
    /// <param name="codes">z, shape [n, latent].</param>
    /// <param name="condition">For a conditional model what the examples shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>Shape [n, example shape]: for the Bernoulli likelihood probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The codes have another shape or type, or no fitting condition.</exception>
    public Tensor Decode(Tensor codes, Tensor? condition = null)
    {
        Guard.Batch(codes, [Options.LatentSize]);
        Guard.On(Device, codes);
        CheckCondition(condition, codes.shape[0], nameof(condition));
        using var scope = Inference();
        return AsExamples(_observation.Mean(Decoded(codes, condition))).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes the mean of q(z|x): the model's picture of the examples, without noise.</summary>
    /// <param name="examples">Shape [n, example shape], with their condition where the model has one.</param>
    /// <returns>Shape [n, example shape].</returns>
    public Tensor Reconstruct(Batch examples)
    {
        using var posterior = Encode(examples);
        return Decode(posterior.Mean, examples.Condition);
    }

    /// <inheritdoc/>
    protected override void CheckExamples(Tensor examples, string name)
    {
        base.CheckExamples(examples, name);
        _observation.CheckData(examples, name);
    }

    private static nn.Module<Tensor, Tensor> DecoderOf(VaeOptions options, RandomGenerator weights) => options.DecoderLayers.Decoder(
        options.LatentSize + options.ConditionSize, options.OutputShape, Activation.Identity, options.Initialization, weights);

    // Drawn on the CPU wherever the model lives, so that a seed means the same everywhere.
    private Tensor Epsilon(long count, RandomGenerator generator) => generator.Normal([count, Options.LatentSize]).to(Device);

    /// <summary>What the decoder gives for codes.</summary>
    private Tensor Decoded(Tensor codes, Tensor? condition) => _output.Checked(_decoder.call(With(condition, codes)), codes);

    /// <summary>What of the gradient of the decoder's input is that of the codes, which stand before the condition.</summary>
    private Tensor? OfCodes(Tensor? inputGradient) =>
        Options.Condition is null ? inputGradient : inputGradient?.narrow(1, 0, Options.LatentSize).contiguous();
}
