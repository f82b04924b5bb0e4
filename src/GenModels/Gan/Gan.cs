using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A generative adversarial network (Goodfellow et al. 2014): a generator G turns noise into examples, and a discriminator D tells them from
/// real ones; min_G max_D V(D, G) = E log D(x) + E log(1 − D(G(z))).
/// </summary>
/// <remarks>Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], noise [n, noise]. Tensors that a method returns belong to the caller.</remarks>
public sealed partial class Gan : IGenerativeModel
{
    private readonly nn.Module<Tensor, Tensor> _generator;
    private readonly nn.Module<Tensor, Tensor> _discriminator;
    private readonly Backpropagation _generatorPass;
    private readonly DiscriminatorPass _discriminatorPass;
    private readonly GradientPenalties _penalties;
    private readonly Optimizer _generatorOptimizer;
    private readonly Optimizer _discriminatorOptimizer;
    private readonly Generator _noise;
    private readonly Generator _dropout;
    private readonly GanMonitor _monitor;
    private readonly (double Low, double High) _range;
    private double _generatorGradientNorm;
    private bool _disposed;

    /// <summary>Makes a GAN of multilayer perceptrons.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="device">Where the weights live; null is the CPU.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public Gan(GanOptions options, Device? device = null) : this(options, null, null, device) { }

    /// <summary>Makes a GAN around networks that the caller brings.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="generator">Maps noise [n, noise] to as many values as an example has; null makes the one of the settings.</param>
    /// <param name="discriminator">
    /// Maps examples, or packs of the shape <see cref="GanOptions.PackedShape"/>, to logits [n, 1]; null makes the one of the settings. In
    /// training it sees real and generated examples in separate batches.
    /// </param>
    /// <param name="device">Where the weights live; null is the CPU. The networks move there.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or a trial run shows that a network has another shape.</exception>
    /// <remarks>The model owns the networks and disposes them with itself.</remarks>
    public Gan(GanOptions options, nn.Module<Tensor, Tensor>? generator, nn.Module<Tensor, Tensor>? discriminator, Device? device = null)
    {
        Guard.Libtorch();
        Options = Guard.NotNull(options);
        options.Validate();
        Device = device ?? CPU;
        if (generator is not null) TrialRun.Expect(generator, [options.NoiseSize], options.ExampleSize, nameof(generator));
        if (discriminator is not null) TrialRun.Expect(discriminator, options.PackedShape, 1, nameof(discriminator));
        OwnNetworks = IOwnNetworks.Of(("generator", generator), ("discriminator", discriminator));

        using var scope = NewDisposeScope();
        using var weights = RandomStreams.For(options.Seed, RandomStreams.Weights);
        _dropout = RandomStreams.For(options.Seed, RandomStreams.Dropout);
        _noise = RandomStreams.For(options.Seed, RandomStreams.Noise);
        _generator = (generator ?? new Mlp(
            options.NoiseSize, options.Generator, options.ExampleSize, options.OutputActivation, options.Initialization, weights, _dropout)).OnDevice(Device);
        _discriminator = (discriminator ?? new Mlp(
            options.ExampleSize * options.Packing, options.Discriminator, 1, Activation.Identity, options.Initialization, weights, _dropout)).OnDevice(Device);
        (_generatorPass, _discriminatorPass) = (Backpropagation.Of(_generator), new(_discriminator));
        _penalties = new(_discriminator, _discriminatorPass.Parameters, options.R1, options.GradientPenaltyInUse);
        _generatorOptimizer = options.GeneratorOptimizer.Create(_generatorPass.Parameters);
        _discriminatorOptimizer = options.DiscriminatorOptimizer.Create(_discriminatorPass.Parameters);
        _monitor = new(options.Objective, options.ExampleSize);
        _range = generator is null ? RangeOf(options.OutputActivation) : RangeOf(Activation.Identity);
        State = NamedState();
    }

    /// <summary>The model's settings.</summary>
    public GanOptions Options { get; }

    ModelOptions IGenerativeModel.Options => Options;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>How recent training steps went, and what is wrong.</summary>
    public GanHealth Health => _monitor.Read();

    /// <summary>
    /// One step of the discriminator, and after every <see cref="GanOptions.DiscriminatorSteps"/> of them one of the generator, each on fresh
    /// noise (Goodfellow et al. 2014, algorithm 1).
    /// </summary>
    /// <param name="batch">Examples, shape [n, example shape], n ≥ 1.</param>
    /// <returns>The figures of the step, each before the update that it belongs to.</returns>
    /// <exception cref="ArgumentException">The batch has another shape, values that are not finite, or values that the generator's output can't have.</exception>
    /// <remarks>
    /// Each network's step leaves the other's weights and, where they are the model's own, its running statistics untouched. A step whose loss is
    /// not finite updates nothing.
    /// </remarks>
    public GanMetrics TrainStep(Tensor batch)
    {
        Check(batch);
        using var scope = NewDisposeScope();
        SetTraining(true);
        var real = Packs(batch);
        var generated = Generate(real.shape[0], _noise);
        var logits = Floats(_discriminatorPass.Forward(real, generated));
        var (metrics, gradient) = Measure(logits);
        var (penalty, penaltyGradients) = _penalties.Of(real, generated, _noise, withGradients: true);
        var gradients = DiscriminatorPass.Sum(_discriminatorPass.Backward(OnDevice(gradient)), penaltyGradients);
        metrics = metrics with { Penalty = penalty, DiscriminatorGradientNorm = Norm(gradients) };

        if (double.IsFinite(metrics.Loss))
        {
            _discriminatorOptimizer.Step(gradients);
            if (_discriminatorOptimizer.Steps % Options.DiscriminatorSteps == 0)
                metrics = metrics with { GeneratorLoss = GeneratorStep(real.shape[0]) };
        }
        metrics = metrics with { GeneratorGradientNorm = _generatorGradientNorm };
        _monitor.Add(metrics, logits, batch, Unpacked(generated));
        return metrics;
    }

    IMetrics IGenerativeModel.TrainStep(Tensor batch) => TrainStep(batch);

    /// <inheritdoc cref="IGenerativeModel.Evaluate"/>
    /// <remarks>Dropout is off and batch norm uses its running statistics; there are no gradient norms.</remarks>
    public GanMetrics Evaluate(Tensor batch, Generator generator)
    {
        Check(batch);
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        SetTraining(false);
        var real = Packs(batch);
        var generated = Generate(real.shape[0], generator);
        float[] logits;
        using (no_grad()) logits = Floats(_discriminatorPass.Forward(real, generated));
        return Measure(logits).Metrics with { Penalty = _penalties.Of(real, generated, generator, withGradients: false).Value };
    }

    IMetrics IGenerativeModel.Evaluate(Tensor batch, Generator generator) => Evaluate(batch, generator);

    /// <inheritdoc/>
    /// <remarks>Draws z ~ p_z and returns G(z).</remarks>
    public Tensor Sample(int count, Generator generator)
    {
        Guard.AtLeast(count, 1);
        Guard.NotNull(generator);
        using var scope = Inference();
        return Unpacked(SampleChunks.Draw(count, n => _generator.call(Noise(n, generator)))).MoveToOuterDisposeScope();
    }

    /// <summary>D(x): how probable the discriminator finds it that examples are real.</summary>
    /// <param name="examples">Shape [n, example shape]; with packing m, n a multiple of m.</param>
    /// <returns>
    /// Shape [n], or [n/m] with packing m, in [0, 1]: σ(l) of the logit, for the least-squares objective l itself held within [0, 1].
    /// </returns>
    /// <exception cref="ArgumentException">The examples have another shape or number, or values that are not finite or out of the generator's range.</exception>
    public Tensor Discriminate(Tensor examples)
    {
        Check(examples);
        if (examples.shape[0] % Options.Packing != 0)
            throw new ArgumentException(
                $"There are {examples.shape[0]} examples, expected a multiple of {Options.Packing}: the discriminator judges that many at once.",
                nameof(examples));
        using var scope = Inference();
        var logits = _discriminator.call(Packs(examples)).flatten();
        var probabilities = Options.Objective == GanObjective.LeastSquares ? logits.clamp(0, 1) : logits.sigmoid();
        return probabilities.MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the networks and everything that training keeps.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _generatorOptimizer.Dispose();
        _discriminatorOptimizer.Dispose();
        _generatorPass.Dispose();
        _discriminatorPass.Dispose();
        _generator.Dispose();
        _discriminator.Dispose();
        _noise.Dispose();
        _dropout.Dispose();
    }

    /// <summary>Updates the generator on fresh noise and returns its loss before that.</summary>
    private double GeneratorStep(long packs)
    {
        var generated = _generatorPass.Forward(Noise(packs * Options.Packing, _noise));
        float[] logits = Floats(_discriminatorPass.Forward(Packed(generated)));
        var gradient = new float[logits.Length];
        double loss = GanLosses.Generator(Options.Objective, logits, gradient);
        // A discriminator that ignores its input has nothing to teach.
        if (_discriminatorPass.BackwardToInput(OnDevice(gradient)) is not { } inputGradient) return loss;
        var (gradients, _) = _generatorPass.Backward(inputGradient.reshape(generated.shape));
        _generatorGradientNorm = Norm(gradients);
        if (double.IsFinite(loss)) _generatorOptimizer.Step(gradients);
        return loss;
    }

    /// <summary>The figures that the discriminator's logits tell, real ones first, and the gradient of its loss.</summary>
    private (GanMetrics Metrics, float[] Gradient) Measure(float[] logits)
    {
        int half = logits.Length / 2;
        ReadOnlySpan<float> real = logits.AsSpan(0, half), generated = logits.AsSpan(half);
        var gradient = new float[logits.Length];
        double generatorLoss = GanLosses.Generator(Options.Objective, generated, gradient.AsSpan(half));
        double loss = GanLosses.Discriminator(
            Options.Objective, real, generated, gradient.AsSpan(0, half), gradient.AsSpan(half), 1 - Options.LabelSmoothing);
        var (ofReal, ofGenerated) = (Judgement.Of(Options.Objective, real), Judgement.Of(Options.Objective, generated));
        var metrics = new GanMetrics(
            loss, generatorLoss, 0, ofReal.MeanLog + ofGenerated.MeanLogRest, ofReal.Mean, ofGenerated.Mean, ofReal.PartAbove, ofGenerated.PartBelow,
            null, null);
        return (metrics, gradient);
    }

    /// <summary>Packs of generated examples without a graph. Recording no gradients also leaves running statistics alone.</summary>
    private Tensor Generate(long packs, Generator generator)
    {
        using var noGrad = no_grad();
        return Packed(_generatorPass.Forward(Noise(packs * Options.Packing, generator)));
    }

    // Drawn on the CPU wherever the model lives, so that a seed means the same everywhere.
    private Tensor Noise(long count, Generator generator) => (Options.Noise switch
    {
        NoiseDistribution.Normal => randn(count, Options.NoiseSize, generator: generator),
        NoiseDistribution.Uniform => rand(count, Options.NoiseSize, generator: generator) * 2 - 1,
        _ => throw new InvalidOperationException($"No such noise: {Options.Noise}."),
    }).to(Device);

    /// <summary>A batch as packs of examples: without what is left over, or repeated where it does not fill one.</summary>
    private Tensor Packs(Tensor batch)
    {
        var (n, m) = (batch.shape[0], Options.Packing);
        if (m == 1) return batch;
        if (n >= m) return Packed(batch.narrow(0, 0, n - n % m));
        long[] indices = [.. Enumerable.Range(0, m).Select(i => i % n)];
        return Packed(batch.index_select(0, tensor(indices).to(Device)));
    }

    private Tensor Packed(Tensor examples) => examples.reshape([-1, .. Options.PackedShape]);

    private Tensor Unpacked(Tensor generated) => generated.reshape([-1, .. Options.ExampleShape]);

    private static float[] Floats(Tensor logits) => logits.to(float32).cpu().data<float>().ToArray();

    private Tensor OnDevice(float[] gradient) => tensor(gradient).to(Device);

    private static double Norm(IReadOnlyList<Tensor?> gradients) => Math.Sqrt(gradients.Sum(g => g is null ? 0 : SquaredNorm.Of(g)));

    private void Check(Tensor batch, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(batch))] string name = "")
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Guard.Batch(batch, Options.ExampleShape, name);
        Guard.On(Device, batch, name);
        var range = ValueRange.Of(batch);
        if (!range.AllFinite)
            throw new ArgumentException("The batch has values that are NaN or infinite. Remove or replace them before training.", name);
        if (range.Least < _range.Low || range.Greatest > _range.High)
            throw new ArgumentOutOfRangeException(
                name,
                $"The batch has values from {Guard.Text(range.Least)} to {Guard.Text(range.Greatest)}, expected [{_range.Low}, {_range.High}], the range of " +
                $"the generator's {Options.OutputActivation} output. Scale the data, or use another output activation.");
    }

    private static (double Low, double High) RangeOf(Activation output) => output switch
    {
        Activation.Sigmoid => (0, 1),
        Activation.Tanh => (-1, 1),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };

    private InferenceScope Inference()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SetTraining(false);
        return new InferenceScope();
    }

    private void SetTraining(bool training)
    {
        _generator.train(training);
        _discriminator.train(training);
    }

    private Dictionary<string, Tensor> NamedState()
    {
        var state = new Dictionary<string, Tensor>();
        _generator.AddState(state, "generator");
        _discriminator.AddState(state, "discriminator");
        return state;
    }
}
