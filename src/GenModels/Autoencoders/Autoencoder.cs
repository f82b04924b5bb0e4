using GenModels.Data;
using GenModels.Distributions;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.Training;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// An autoencoder: an encoder z = f(x) and a decoder x' = g(z), trained together to minimise Σ ‖x − x'‖² (Hinton and Salakhutdinov 2006), or
/// with the settings of a denoising one, the same from a corrupted x (Vincent et al. 2008).
/// </summary>
/// <remarks>
/// Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], codes [n, <see cref="AutoencoderOptions.CodeSize"/>]. Tensors that a
/// method returns belong to the caller. Training leaves the distribution of the codes unknown: <see cref="FitDensity"/> makes sampling
/// possible, and <see cref="FitAnomalyThreshold"/> decisions about outliers. Both describe the weights as they are at that moment, so fit
/// again after further training.
/// </remarks>
public sealed class Autoencoder : IGenerativeModel, IFittedState
{
    private const int BatchOfAll = 1_000;

    private readonly EncoderDecoder _networks;
    private readonly AutoencoderPass _pass;
    private readonly ObservationModel _observation;
    private readonly Optimizer _optimizer;
    private readonly Generator _noise;
    private readonly FittedParts _fitted;
    private bool _disposed;

    /// <summary>Makes an autoencoder of multilayer perceptrons.</summary>
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
    /// <remarks>The model owns the networks and disposes them with itself.</remarks>
    public Autoencoder(AutoencoderOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder, Device? device = null)
    {
        Settings = Guard.NotNull(options);
        options.Validate();
        Device = device ?? CPU;
        CheckNetworks(options, encoder, decoder);

        using var scope = NewDisposeScope();
        using var weights = RandomStreams.For(options.Seed, RandomStreams.Weights);
        encoder ??= new Mlp(
            options.ExampleSize, options.Hidden, options.CodeSize, options.Activation, options.CodeActivation, options.Initialization, weights);
        decoder ??= options.TiedWeights && encoder is Mlp source
            ? new TiedDecoder(source, options.OutputActivation)
            : new Mlp(
                options.CodeSize, [.. options.Hidden.Reverse()], options.ExampleSize,
                options.Activation, options.OutputActivation, options.Initialization, weights);
        _networks = new EncoderDecoder(encoder, decoder);
        _networks.OnDevice(Device);
        _pass = new AutoencoderPass(_networks);
        _observation = options.Loss.Create();
        _optimizer = options.Optimizer.Create(_pass.Parameters);
        _noise = RandomStreams.For(options.Seed, RandomStreams.Noise);
        var state = new Dictionary<string, Tensor>();
        _networks.Encoder.AddState(state, "encoder");
        _networks.Decoder.AddState(state, "decoder");
        (State, _fitted) = (state, new FittedParts(state, options.CodeSize));
    }

    /// <summary>The model's settings.</summary>
    public AutoencoderOptions Settings { get; }

    ModelOptions IGenerativeModel.Options => Settings;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// With tied weights, a shared weight stands under the encoder's name alone. What is fitted after training appears as
    /// <c>density.weights</c>, <c>density.means</c>, <c>density.covariances</c> and <c>anomaly.threshold</c>, in double precision on the CPU.
    /// </remarks>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>The density fitted to the codes, from which samples are drawn; null before <see cref="FitDensity"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public GaussianMixture? Density
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _fitted.Density;
        }
    }

    /// <summary>The reconstruction error above which an example counts as an anomaly; null before <see cref="FitAnomalyThreshold"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public double? AnomalyThreshold
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _fitted.Threshold;
        }
    }

    /// <inheritdoc cref="IGenerativeModel.TrainStep"/>
    /// <remarks>The only place where <see cref="AutoencoderOptions.Corruption"/> acts.</remarks>
    public AutoencoderMetrics TrainStep(Tensor batch)
    {
        Check(batch);
        using var scope = NewDisposeScope();
        _networks.train(true);
        long n = batch.shape[0];
        var output = _pass.Forward(Settings.Corruption?.Apply(batch, _noise) ?? batch);
        var (loss, gradient, _) = _observation.LossAndGradient(output, batch.reshape(output.shape), 1.0 / n);
        var gradients = _pass.Backward(gradient);
        if (double.IsFinite(loss)) _optimizer.Step(gradients);
        return new AutoencoderMetrics(loss / n);
    }

    IMetrics IGenerativeModel.TrainStep(Tensor batch) => TrainStep(batch);

    /// <summary>Computes the objective on intact examples, without an update.</summary>
    /// <param name="batch">Examples, shape [n, example shape], n ≥ 1.</param>
    /// <returns>The mean reconstruction error of an example.</returns>
    /// <exception cref="ArgumentException">The batch has another shape, or values that the loss has no place for.</exception>
    public AutoencoderMetrics Evaluate(Tensor batch)
    {
        Check(batch);
        using var scope = Inference();
        var output = _networks.call(batch);
        var (loss, _, _) = _observation.LossAndGradient(output, batch.reshape(output.shape), 1);
        return new AutoencoderMetrics(loss / batch.shape[0]);
    }

    IMetrics IGenerativeModel.Evaluate(Tensor batch, Generator generator)
    {
        Guard.NotNull(generator);
        return Evaluate(batch);
    }

    /// <summary>The codes of examples.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>z, shape [n, code].</returns>
    /// <exception cref="ArgumentException">The examples have another shape, or values that the loss has no place for.</exception>
    public Tensor Encode(Tensor examples)
    {
        Check(examples);
        using var scope = Inference();
        return _networks.Encode(examples).MoveToOuterDisposeScope();
    }

    /// <summary>The examples that codes stand for.</summary>
    /// <param name="codes">z, shape [n, code].</param>
    /// <returns>x', shape [n, example shape]: with the Bernoulli loss probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The codes have another shape.</exception>
    public Tensor Decode(Tensor codes)
    {
        Guard.Batch(codes, [Settings.CodeSize]);
        Guard.On(Device, codes);
        using var scope = Inference();
        return Examples(_networks.Decoder.call(codes)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes examples and decodes the codes.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>x', shape [n, example shape]: with the Bernoulli loss probabilities, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The examples have another shape, or values that the loss has no place for.</exception>
    public Tensor Reconstruct(Tensor examples)
    {
        Check(examples);
        using var scope = Inference();
        return Examples(_networks.call(examples)).MoveToOuterDisposeScope();
    }

    /// <summary>How badly each example is reconstructed.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n]: the loss of each example, summed over its values.</returns>
    /// <exception cref="ArgumentException">The examples have another shape, or values that the loss has no place for.</exception>
    public Tensor ReconstructionError(Tensor examples)
    {
        Check(examples);
        using var scope = Inference();
        var output = _networks.call(examples);
        return (-_observation.LogProbability(output, examples.reshape(output.shape))).MoveToOuterDisposeScope();
    }

    /// <summary>Fits the threshold between usual and unusual examples: a quantile of the errors of examples that count as usual.</summary>
    /// <param name="examples">Usual examples, as a rule those of training.</param>
    /// <param name="quantile">The share of them that shall not be above the threshold, in [0, 1].</param>
    /// <returns>The threshold: the least error that at least this share of the examples does not exceed.</returns>
    /// <exception cref="ArgumentException">There are no examples or of another shape, or the quantile lies outside [0, 1].</exception>
    /// <exception cref="InvalidOperationException">The quantile of the errors is 0 or not finite, so that no score can be measured by it.</exception>
    public double FitAnomalyThreshold(IExampleSource examples, double quantile = 0.99)
    {
        Guard.Within(quantile, 0, 1);
        using var scope = NewDisposeScope();
        float[] errors = OfAll(examples, ReconstructionError).cpu().data<float>().ToArray();
        Array.Sort(errors);
        // The factor takes back what rounding adds to a product that is a whole number.
        int rank = (int)Math.Ceiling(quantile * errors.Length * (1 - 1e-12));
        double threshold = errors[Math.Max(rank - 1, 0)];
        if (!(threshold > 0 && double.IsFinite(threshold)))
            throw new InvalidOperationException(
                $"The {Guard.Text(quantile)} quantile of the errors is {Guard.Text(threshold)}, expected a finite number above 0: choose a higher quantile, or other examples.");
        _fitted.Keep(threshold);
        return threshold;
    }

    /// <summary>The reconstruction error of each example in units of the threshold: above 1 is an anomaly.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n].</returns>
    /// <exception cref="ArgumentException">The examples have another shape, or values that the loss has no place for.</exception>
    /// <exception cref="InvalidOperationException">No threshold has been fitted.</exception>
    public Tensor AnomalyScore(Tensor examples)
    {
        double threshold = FittedThreshold();
        using var scope = NewDisposeScope();
        return (ReconstructionError(examples) / threshold).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the reconstruction error of each example lies above the threshold.</summary>
    /// <param name="examples">Shape [n, example shape].</param>
    /// <returns>Shape [n], truth values.</returns>
    /// <exception cref="ArgumentException">The examples have another shape, or values that the loss has no place for.</exception>
    /// <exception cref="InvalidOperationException">No threshold has been fitted.</exception>
    public Tensor IsAnomaly(Tensor examples)
    {
        double threshold = FittedThreshold();
        using var scope = NewDisposeScope();
        return ReconstructionError(examples).gt(threshold).MoveToOuterDisposeScope();
    }

    /// <summary>Fits a density to the codes of examples, which <see cref="Sample"/> draws from and <see cref="State"/> holds.</summary>
    /// <param name="examples">As a rule those of training; at least as many as the density has components.</param>
    /// <param name="options">One full-covariance Gaussian, or how many in a mixture; null takes the defaults.</param>
    /// <returns>The density and the log-likelihood of each step of the fit.</returns>
    /// <exception cref="ArgumentException">There are too few examples or of another shape, or a setting lies outside its range.</exception>
    public GaussianMixtureFit FitDensity(IExampleSource examples, DensityOptions? options = null)
    {
        options?.Validate();
        using var scope = NewDisposeScope();
        var fit = GaussianMixture.Fit(OfAll(examples, Encode), options);
        _fitted.Keep(fit.Mixture);
        return fit;
    }

    /// <inheritdoc/>
    /// <remarks>Draws codes from the density that <see cref="FitDensity"/> fitted and decodes them.</remarks>
    /// <exception cref="InvalidOperationException">No density has been fitted.</exception>
    public Tensor Sample(int count, Generator generator)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        var density = Density ?? throw new InvalidOperationException(
            "The distribution of an autoencoder's codes is unknown until a density is fitted to them: call FitDensity before Sample.");
        using var scope = NewDisposeScope();
        return Decode(density.Sample(count, generator).to(float32).to(Device)).MoveToOuterDisposeScope();
    }

    void IFittedState.RestoreFitted(IReadOnlyDictionary<string, Tensor> fitted)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _fitted.Restore(Guard.NotNull(fitted));
    }

    /// <summary>Disposes the networks, what was fitted, and everything that training keeps.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _optimizer.Dispose();
        _observation.Dispose();
        _fitted.Dispose();
        _networks.Dispose();
        _noise.Dispose();
    }

    private static void CheckNetworks(AutoencoderOptions options, nn.Module<Tensor, Tensor>? encoder, nn.Module<Tensor, Tensor>? decoder)
    {
        if (encoder is not null) TrialRun.Expect(encoder, options.ExampleShape, options.CodeSize, nameof(encoder));
        if (decoder is not null) TrialRun.Expect(decoder, [options.CodeSize], options.ExampleSize, nameof(decoder));
        if (options.TiedWeights && (encoder is not null || decoder is not null))
            throw new ArgumentException(
                "The settings ask for tied weights, which only the model's own layers have: leave out the networks, or set TiedWeights to false.",
                nameof(options));
    }

    private void Check(Tensor batch, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(batch))] string name = "")
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Batch(batch, Settings.ExampleShape, name);
        Guard.On(Device, batch, name);
        _observation.CheckData(batch, name);
    }

    private double FittedThreshold() => AnomalyThreshold ?? throw new InvalidOperationException(
        "What counts as an anomaly is unknown until a threshold is fitted: call FitAnomalyThreshold before AnomalyScore and IsAnomaly.");

    /// <summary>The results for all examples of a source, one after the other.</summary>
    private Tensor OfAll(IExampleSource examples, Func<Tensor, Tensor> function)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Source(examples, Settings.ExampleShape);
        using var scope = NewDisposeScope();
        using var loader = new BatchLoader(examples, BatchOfAll, Device);
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        // Cloned, since the result of a network that changes nothing is the loader's tensor, which the next batch overwrites.
        var results = Enumerable.Range(0, loader.Batches).Select(batch => function(loader.Load(order, batch)).clone());
        return cat([.. results]).MoveToOuterDisposeScope();
    }

    private Tensor Examples(Tensor output) => _observation.Mean(output).reshape([output.shape[0], .. Settings.ExampleShape]);

    private InferenceScope Inference()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _networks.eval();
        return new InferenceScope();
    }
}
