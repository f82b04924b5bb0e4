using GenModels.Distributions;
using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2014): an encoder q(z|x) = N(μ(x), diag σ²(x)) and a decoder p(x|z), trained together to
/// maximise the evidence lower bound E_q[log p(x|z)] − β·KL(q(z|x) ‖ N(0, I)).
/// </summary>
/// <remarks>
/// Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], codes [n, latent]. Tensors that a method returns belong to the caller.
/// With <see cref="VaeOptions.WeightAverage"/>, the average of a weight stands beside it in the state, under <c>average.</c> and its name.
/// <para>
/// Samples are means of p(x|z) for z ~ N(0, I), for the Bernoulli likelihood probabilities in [0, 1]. They look smooth, but lack
/// the spread of x around its mean, which <see cref="SampleObservations(int, RandomGenerator)"/> adds.
/// </para>
/// </remarks>
public sealed partial class Vae : Model<VaeOptions, VaeMetrics>, IVariationalModel
{
    private readonly nn.Module<Tensor, Tensor> _encoder;
    private readonly nn.Module<Tensor, Tensor> _decoder;
    private readonly NetworkOutput _output;
    private readonly ObservationModel _observation;
    private readonly Backpropagation _encoderPass;
    private readonly Backpropagation _decoderPass;
    private readonly Optimizer _optimizer;

    /// <summary>Makes a VAE of multilayer perceptrons.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public Vae(VaeOptions options, Device? device = null) : this(options, null, null, device) { }

    /// <summary>Makes a VAE around networks that the caller brings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="encoder">Maps examples to features [n, any], on which the model puts the heads μ and log σ²; null makes the one of the settings.</param>
    /// <param name="decoder">Maps codes [n, latent] to as many values as an example has; null makes the one of the settings.</param>
    /// <param name="device">Where the weights live; null is the CPU. The networks move there.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or a trial run shows that a network has another shape.</exception>
    /// <remarks>
    /// The model owns the networks and disposes them with itself. In every call a network gives one row for each row of its input, in single
    /// precision and on the input's device; a call of the model in which it does not is an <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Vae(VaeOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder, Device? device = null)
        : base(options, device)
    {
        if (decoder is not null) TrialRun.Expect(decoder, [options.LatentSize], options.ExampleSize, nameof(decoder));
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(options.Seed, RandomStreams.Weights);
        _encoder = AddNetwork(
            "encoder", encoder is null ? VaeEncoders.Create(options, weights) : VaeEncoders.Around(encoder, options, weights), isCallers: encoder is not null);
        _decoder = AddNetwork("decoder", decoder ?? DecoderOf(options, weights), isCallers: decoder is not null);
        _output = new NetworkOutput("decoder", options.ExampleSize);
        _observation = Owned(options.Likelihood.Create(Device));
        AddWeights("likelihood", _observation.Parameters);
        (_encoderPass, _decoderPass) = (Owned(Backpropagation.Of(_encoder)), Owned(Backpropagation.Of(_decoder)));
        _optimizer = AddOptimizer(
            "optimizer", options.Optimizer, [.. _encoderPass.Parameters, .. _decoderPass.Parameters, .. _observation.Parameters.Select(p => p.Parameter)]);
        KeepAverages(options.WeightAverage);
    }

    private protected override VaeMetrics Step(Tensor batch)
    {
        batch = _observation.Observe(batch, Noise);
        if (Options.ImportanceSamples > 1) return ImportanceWeightedStep(batch);
        long n = batch.shape[0];
        var heads = _encoderPass.Forward(batch);
        var epsilon = Epsilon(n, Noise);
        var (z, kl) = GaussianLatent.Sample(heads, epsilon);
        var output = _output.Checked(_decoderPass.Forward(z, inputGradient: true), z);
        var (loss, outputGradient, observationGradients) = _observation.LossAndGradient(output, batch.reshape(output.shape), 1.0 / n);

        var (decoderGradients, zGradient) = _decoderPass.Backward(outputGradient);
        var headsGradient = GaussianLatent.Gradient(heads, epsilon, zGradient ?? zeros_like(z), Options.Beta / n);
        var (encoderGradients, _) = _encoderPass.Backward(headsGradient);
        var metrics = Metrics(loss / n, kl / n);
        if (!double.IsFinite(metrics.Loss)) return metrics;
        Update(_optimizer, [.. encoderGradients, .. decoderGradients, .. observationGradients]);
        return metrics;
    }

    private protected override VaeMetrics Judge(Tensor batch, RandomGenerator generator)
    {
        batch = _observation.Observe(batch, generator);
        if (Options.ImportanceSamples > 1) return ImportanceWeighted(batch, generator);
        long n = batch.shape[0];
        var (z, kl) = GaussianLatent.Sample(_encoder.call(batch), Epsilon(n, generator));
        var output = Decoded(z);
        var (loss, _, _) = _observation.LossAndGradient(output, batch.reshape(output.shape), 1.0 / n);
        return Metrics(loss / n, kl / n);
    }

    private protected override Tensor Draw(int count, RandomGenerator generator, long firstRow) => _observation.Mean(Decoded(Epsilon(count, generator, firstRow)));

    /// <summary>Draws examples as the data are: z ~ N(0, I), and then x ~ p(x|z).</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="generator">The source of the draws.</param>
    /// <returns>
    /// Shape [count, example shape], owned by the caller: for the Bernoulli likelihood zeros and ones, for the Gaussian one the mean of p(x|z) plus
    /// noise of its standard deviation, the learned one where it is learned.
    /// </returns>
    /// <remarks>
    /// <see cref="IGenerativeModel.Sample"/> gives the means of p(x|z) instead. Means look smoother, but spread less than the data: use this method
    /// for samples that replace data, such as the rows of a table.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public Tensor SampleObservations(int count, RandomGenerator generator) =>
        Sample(count, generator, (n, source, firstRow) => _observation.Draw(Decoded(Epsilon(n, source, firstRow)), source, firstRow));

    /// <summary>Draws examples as the data are; the same seed draws the same, bit for bit.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    /// <inheritdoc cref="SampleObservations(int, RandomGenerator)" path="/remarks|/exception"/>
    public Tensor SampleObservations(int count, ulong seed) => SampleObservations(count, new RandomGenerator(seed));

    /// <summary>q(z|x): what the encoder knows of the codes of some examples.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>μ and log σ² of shape [n, latent]; the caller disposes it.</returns>
    public DiagonalGaussian Encode(Tensor examples)
    {
        Check(examples, nameof(examples));
        using var scope = Inference();
        var heads = _encoder.call(examples);
        var mean = heads.narrow(1, 0, Options.LatentSize).contiguous();
        var logVariance = heads.narrow(1, Options.LatentSize, Options.LatentSize).contiguous();
        return new DiagonalGaussian(mean.MoveToOuterDisposeScope(), logVariance.MoveToOuterDisposeScope());
    }

    Tensor ILatentModel.Encode(Tensor examples)
    {
        using var scope = NewDisposeScope();
        return Encode(examples).Mean.MoveToOuterDisposeScope();
    }

    int ILatentModel.CodeSize => Options.LatentSize;

    /// <inheritdoc/>
    public DiagonalGaussian Posterior(Tensor examples, RandomGenerator generator)
    {
        Check(examples, nameof(examples));
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        var posterior = Encode(_observation.Observe(examples, generator));
        posterior.Mean.MoveToOuterDisposeScope();
        posterior.LogVariance.MoveToOuterDisposeScope();
        return posterior;
    }

    /// <summary>The mean of p(x|z).</summary>
    /// <param name="codes">z, shape [n, latent].</param>
    /// <returns>Shape [n, example shape]: for the Bernoulli likelihood probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The codes have another shape or type.</exception>
    public Tensor Decode(Tensor codes)
    {
        Guard.Batch(codes, [Options.LatentSize]);
        using var scope = Inference();
        return AsExamples(_observation.Mean(Decoded(codes))).MoveToOuterDisposeScope();
    }

    /// <summary>Decodes the mean of q(z|x): the model's picture of the examples, without noise.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n, example shape].</returns>
    public Tensor Reconstruct(Tensor examples)
    {
        using var posterior = Encode(examples);
        return Decode(posterior.Mean);
    }

    private protected override void Check(Tensor batch, string name)
    {
        base.Check(batch, name);
        _observation.CheckData(batch, name);
    }

    private static Mlp DecoderOf(VaeOptions options, RandomGenerator weights) => new(
        options.LatentSize, [.. options.Hidden.Reverse()], options.ExampleSize, options.Activation, Activation.Identity, options.Initialization, weights);

    private VaeMetrics Metrics(double reconstruction, double kl) => new(reconstruction + Options.Beta * kl, reconstruction, kl);

    // Drawn on the CPU wherever the model lives, so that a seed means the same everywhere.
    private Tensor Epsilon(long count, RandomGenerator generator, long firstRow = 0) =>
        generator.Normal([count, Options.LatentSize], firstRow: firstRow).to(Device);

    /// <summary>What the decoder gives for codes.</summary>
    private Tensor Decoded(Tensor codes) => _output.Checked(_decoder.call(codes), codes);
}
