using System.Runtime.CompilerServices;
using GenModels.Data;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// An autoencoder: an encoder z = f(x) and a decoder x' = g(z), trained together to minimize Σ ‖x − x'‖² (Hinton and Salakhutdinov 2006), or
/// with the settings of a denoising one, the same from a corrupted x (Vincent et al. 2008).
/// </summary>
/// <remarks>
/// Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], codes [n, <see cref="AutoencoderOptions.CodeSize"/>]. Tensors that a
/// method returns belong to the caller. Training leaves the distribution of the codes unknown: <see cref="FitDensity"/> makes sampling
/// possible, and <see cref="FitAnomalyThreshold"/> decisions about outliers. Both describe the weights as they are at that moment, so fit
/// again after further training.
/// <para>
/// In the state, a tied weight stands under the encoder's name alone. What is fitted after training appears as <c>density.weights</c>,
/// <c>density.means</c>, <c>density.covariances</c> and <c>anomaly.threshold</c>, in double precision on the CPU. With
/// <see cref="AutoencoderOptions.WeightAverage"/>, the average of a weight stands beside it under <c>average.</c> and its name.
/// </para>
/// </remarks>
[StoredName("autoencoder")]
public sealed partial class Autoencoder : GenerativeModel<AutoencoderOptions, AutoencoderMetrics>, ILatentModel
{
    private readonly EncoderDecoder _networks;
    private readonly EncoderDecoderPass _pass;
    private readonly ObservationModel _observation;
    private readonly Optimizer _optimizer;
    private readonly FittedParts _fitted;

    /// <summary>Makes an autoencoder with the networks of its settings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public Autoencoder(AutoencoderOptions options, Device? device = null) : this(options, null, null, device) { }

    /// <summary>Makes an autoencoder around networks that the caller brings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="encoder">Maps examples to as many values as a code has; null makes the one of the settings.</param>
    /// <param name="decoder">Maps codes [n, code] to as many values as an example has; null makes the one of the settings.</param>
    /// <param name="device">Where the weights live; null is the CPU. The networks move there.</param>
    /// <exception cref="ArgumentException">
    /// A setting lies outside its range, the weights shall be tied though a network is the caller's, or a trial run shows that a network has
    /// another shape.
    /// </exception>
    /// <remarks>
    /// The model owns the networks and disposes them with itself. In every call a network gives one row for each row of its input, in single
    /// precision and on the input's device; a call of the model in which it does not is an <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Autoencoder(AutoencoderOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder, Device? device = null)
        : base(options, device)
    {
        CheckNetworks(options, encoder, decoder);
        var (isCallersEncoder, isCallersDecoder) = (encoder is not null, decoder is not null);
        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(options.Seed, RandomStreams.Weights);
        encoder ??= options.EncoderLayers.Encoder(
            options.ExampleShape, options.ConditionSize, options.CodeSize, options.CodeActivation, options.Initialization, weights);
        decoder ??= options.TiedWeights && encoder is Mlp source
            ? new TiedDecoder(source, options.OutputActivation)
            : options.DecoderLayers.Decoder(
                options.CodeSize + options.ConditionSize, options.ExampleShape, options.OutputActivation, options.Initialization, weights);
        _networks = Owned(new EncoderDecoder(
            AddNetwork("encoder", encoder, isCallersEncoder), AddNetwork("decoder", decoder, isCallersDecoder), options));
        _pass = Owned(new EncoderDecoderPass(_networks, options));
        _observation = Owned(options.Loss.Create());
        _optimizer = AddOptimizer("optimizer", options.Optimizer, _pass.Parameters);
        KeepAverages(options.WeightAverage, _optimizer);
        _fitted = Owned(new FittedParts(Entries, options.CodeSize, (options.Condition as ClassCondition)?.Count ?? 1));
    }

    /// <inheritdoc/>
    protected override AutoencoderMetrics Step(Batch batch)
    {
        // The only place where corruption acts: everything else sees intact examples.
        var (x, condition) = batch;
        long n = x.shape[0];
        var output = _pass.Forward(With(condition, Options.Corruption?.Apply(x, Noise) ?? x), codes => With(condition, codes));
        var (loss, gradient, _) = _observation.LossAndGradient(output, x, 1.0 / n);
        Update(loss, _optimizer, _pass.Backward(gradient));
        return new AutoencoderMetrics(loss / n);
    }

    /// <inheritdoc/>
    protected override AutoencoderMetrics Judge(Batch batch, RandomGenerator generator) => Judge(batch);

    private AutoencoderMetrics Judge(Batch batch)
    {
        var output = Reconstructed(batch);
        return new AutoencoderMetrics(_observation.Loss(output, batch.Examples) / batch.Examples.shape[0]);
    }

    /// <inheritdoc/>
    protected override Tensor Draw(int count, RandomGenerator generator, Tensor? condition)
    {
        var density = _fitted.Density ?? throw new InvalidOperationException(
            "The distribution of an autoencoder's codes is unknown until a density is fitted to them: call FitDensity before Sample.");
        var codes = condition is not null && Options.Condition is ClassCondition classes
            ? ClassDensities.Sample(density, condition.cpu().data<long>().ToArray(), classes.Count, generator)
            : density.Sample(count, generator);
        return Means(_networks.Decode(With(condition, codes.to(float32).to(Device))));
    }

    /// <summary>Computes the objective on intact examples, without an update.</summary>
    /// <param name="batch">Examples, shape [n, example shape], n ≥ 1, with their condition where the model has one.</param>
    /// <returns>The mean reconstruction error of an example.</returns>
    /// <exception cref="ArgumentException">The batch has another shape or type, or values that the loss has no place for.</exception>
    public AutoencoderMetrics Evaluate(Batch batch)
    {
        Check(batch, nameof(batch));
        using var scope = Inference();
        return Judge(batch);
    }

    /// <summary>The codes of examples.</summary>
    /// <param name="examples">Shape [n, example shape], finite: noisy ones too, whose values lie outside the range that the loss asks of a target.</param>
    /// <returns>z, shape [n, code].</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or a value is not finite.</exception>
    public Tensor Encode(Batch examples)
    {
        CheckInput(examples);
        using var scope = Inference();
        return _networks.Encode(With(examples.Condition, examples.Examples)).MoveToOuterDisposeScope();
    }

    int ILatentModel.CodeSize => Options.CodeSize;

    /// <summary>The examples that codes stand for.</summary>
    /// <param name="codes">z, shape [n, code].</param>
    /// <param name="condition">For a conditional model what the examples shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>x', shape [n, example shape]: with the Bernoulli loss probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The codes have another shape or type, or no fitting condition.</exception>
    public Tensor Decode(Tensor codes, Tensor? condition = null)
    {
        Guard.Batch(codes, [Options.CodeSize]);
        Guard.On(Device, codes);
        CheckCondition(condition, codes.shape[0], nameof(condition));
        using var scope = Inference();
        return Means(_networks.Decode(With(condition, codes))).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes examples and decodes the codes: what a denoising autoencoder makes of noisy examples.</summary>
    /// <param name="examples">Shape [n, example shape], finite: noisy ones too, whose values lie outside the range that the loss asks of a target.</param>
    /// <returns>x', shape [n, example shape]: with the Bernoulli loss probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or a value is not finite.</exception>
    public Tensor Reconstruct(Batch examples)
    {
        CheckInput(examples);
        using var scope = Inference();
        return Means(Reconstructed(examples)).MoveToOuterDisposeScope();
    }

    /// <summary>How badly each example is reconstructed.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n]: the loss of each example, summed over its values.</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the loss has no place for.</exception>
    public Tensor ReconstructionError(Batch examples)
    {
        Check(examples, nameof(examples));
        using var scope = Inference();
        var output = Reconstructed(examples);
        double[] log = _observation.LogProbability(output, examples.Examples.reshape(output.shape));
        return tensor(Array.ConvertAll(log, value => (float)-value), device: Device).MoveToOuterDisposeScope();
    }

    private static void CheckNetworks(AutoencoderOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder)
    {
        if (encoder is not null) TrialRun.Expect(encoder, options.InputShape(options.ExampleShape), options.CodeSize, nameof(encoder));
        if (decoder is not null) TrialRun.Expect(decoder, options.InputShape([options.CodeSize]), options.ExampleSize, nameof(decoder));
        if (options.TiedWeights && (encoder is not null || decoder is not null))
            throw new ArgumentException(
                "The settings ask for tied weights, which only the model's own layers have: leave out the networks, or set TiedWeights to false.",
                nameof(options));
    }

    /// <inheritdoc/>
    protected override void CheckExamples(Tensor examples, string name)
    {
        base.CheckExamples(examples, name);
        _observation.CheckData(examples, name);
    }

    /// <summary>Accepts what an encoder takes: noisy examples too, which are no target of the loss.</summary>
    private void CheckInput(Batch batch, [CallerArgumentExpression(nameof(batch))] string name = "")
    {
        base.CheckExamples(batch.Examples, name);
        ObservationModel.CheckFinite(batch.Examples, name);
        CheckCondition(batch.Condition, batch.Examples.shape[0], name);
    }

    /// <summary>What the decoder makes of the codes of examples.</summary>
    private Tensor Reconstructed(Batch batch) =>
        _networks.Decode(With(batch.Condition, _networks.Encode(With(batch.Condition, batch.Examples))));

    private Tensor Means(Tensor output) => AsExamples(_observation.Mean(output));
}
