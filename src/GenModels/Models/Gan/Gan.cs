using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.State;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A generative adversarial network (Goodfellow et al. 2014): a generator G turns noise into examples, and a discriminator D tells them from
/// real ones; min_G max_D V(D, G) = E log D(x) + E log(1 − D(G(z))).
/// </summary>
/// <remarks>Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], noise [n, noise]. Tensors that a method returns belong to the caller.</remarks>
public sealed partial class Gan : IResumable, IGated
{
    private readonly nn.Module<Tensor, Tensor> _generator;
    private readonly nn.Module<Tensor, Tensor> _discriminator;
    private readonly NetworkOutput _output;
    private readonly Backpropagation _generatorPass;
    private readonly DiscriminatorPass _discriminatorPass;
    private readonly GradientPenalties _penalties;
    private readonly Optimizer _generatorOptimizer;
    private readonly Optimizer _discriminatorOptimizer;
    private readonly Generator _noise;
    private readonly WeightAverage _average;
    private readonly ModelGate _gate;
    private readonly Generator _dropout;
    private readonly GanMonitor _monitor;
    private readonly (double Low, double High) _range;
    private double _generatorGradientNorm;

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
    /// training it sees real and generated examples in separate batches, unless it is an <see cref="Mlp"/> without batch norm, which treats
    /// every example alone.
    /// </param>
    /// <param name="device">Where the weights live; null is the CPU. The networks move there.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or a trial run shows that a network has another shape.</exception>
    /// <remarks>
    /// The model owns the networks and disposes them with itself. In every call a network gives one row for each row of its input, in single
    /// precision and on the input's device; a call of the model in which it does not is an <see cref="InvalidOperationException"/>.
    /// </remarks>
    public Gan(GanOptions options, nn.Module<Tensor, Tensor>? generator, nn.Module<Tensor, Tensor>? discriminator, Device? device = null)
    {
        Libtorch.EnsureLoaded();
        Options = Guard.NotNull(options);
        options.Validate();
        Device = device ?? CPU;
        if (generator is not null) TrialRun.Expect(generator, [options.NoiseSize], options.ExampleSize, nameof(generator));
        if (discriminator is not null) TrialRun.Expect(discriminator, options.PackedShape, 1, nameof(discriminator));
        OwnNetworks = IOwnNetworks.Of(("generator", generator), ("discriminator", discriminator));
        _output = new NetworkOutput("generator", options.ExampleSize);

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
        _monitor = new(GanLosses.OfIndifference(options.Objective, RealTarget), options.ExampleSize);
        _range = generator is null ? RangeOf(options.OutputActivation) : RangeOf(Activation.Identity);
        var state = NamedState();
        _average = new WeightAverage(
            options.WeightAverage, state, state.Keys.Where(name => name.StartsWith("generator.", StringComparison.Ordinal) && state[name] is Parameter));
        _gate = new ModelGate(this, StartInference, _average.Exchange);
        State = state;
    }

    /// <summary>The model's settings.</summary>
    public GanOptions Options { get; }

    ModelOptions IGenerativeModel.Options => Options;

    /// <inheritdoc/>
    public Device Device { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// With <see cref="GanOptions.WeightAverage"/>, the average of a generator's weight stands beside it under <c>average.</c> and its name.
    /// </remarks>
    public IReadOnlyDictionary<string, Tensor> State { get; }

    ModelGate IGated.Gate => _gate;

    private double RealTarget => 1 - Options.LabelSmoothing;

    /// <summary>How recent training steps went, and what is wrong.</summary>
    public GanHealth Health
    {
        get
        {
            using var alone = _gate.Alone();
            return _monitor.Read();
        }
    }

    /// <summary>
    /// One step of the discriminator, and after every <see cref="GanOptions.DiscriminatorSteps"/> of them one of the generator, each on fresh
    /// noise (Goodfellow et al. 2014, algorithm 1).
    /// </summary>
    /// <param name="batch">Examples, shape [n, example shape], n ≥ 1.</param>
    /// <returns>The figures of the step, each before the update that it belongs to.</returns>
    /// <exception cref="ArgumentException">The batch has another shape or type, values that are not finite, or values that the generator's output can't have.</exception>
    /// <exception cref="InvalidOperationException">
    /// The step was taken in <c>torch.inference_mode</c>, or a network that the caller brought gave an output of another shape or type.
    /// </exception>
    /// <remarks>
    /// Each network's step leaves the other's weights and, where they are the model's own, its running statistics untouched. A step whose loss or
    /// gradient is not finite updates nothing.
    /// </remarks>
    public GanMetrics TrainStep(Tensor batch)
    {
        Check(batch);
        using var scope = new TrainingScope(_gate);
        SetTraining(true);
        var real = Packs(batch);
        var generated = Generate(real.shape[0], _noise);
        // Read before another pass overwrites them.
        var logits = OnCpu(_discriminatorPass.Forward(real, generated));
        var (metrics, gradient) = Measure(logits);
        double logitSpread = GanMonitor.Spread(TensorMemory.Floats(logits));
        var (penalty, penaltyGradients) = _penalties.Of(real, generated, _noise, withGradients: true);
        var gradients = DiscriminatorPass.Sum(_discriminatorPass.Backward(gradient.to(Device)), penaltyGradients);
        metrics = metrics with { Penalty = penalty, DiscriminatorGradientNorm = Norm(gradients) };

        if (double.IsFinite(metrics.Loss) && metrics.DiscriminatorGradientNorm is { } norm && double.IsFinite(norm))
        {
            _discriminatorOptimizer.Step(gradients);
            if (_discriminatorOptimizer.Steps % Options.DiscriminatorSteps == 0)
                metrics = metrics with { GeneratorLoss = GeneratorStep(real.shape[0]) };
        }
        metrics = metrics with { GeneratorGradientNorm = _generatorGradientNorm };
        _monitor.Add(metrics, logitSpread, batch, Unpacked(generated));
        return metrics;
    }

    IMetrics IGenerativeModel.TrainStep(Tensor batch) => TrainStep(batch);

    /// <inheritdoc cref="IGenerativeModel.Evaluate"/>
    /// <remarks>Dropout is off and batch norm uses its running statistics; there are no gradient norms.</remarks>
    public GanMetrics Evaluate(Tensor batch, Generator generator)
    {
        Check(batch);
        Guard.NotNull(generator);
        // The passes keep what they compute, and judge the generator that the discriminator knows.
        using var alone = _gate.Alone();
        using var scope = NewDisposeScope();
        SetTraining(false);
        var real = Packs(batch);
        var generated = Generate(real.shape[0], generator);
        Tensor logits;
        using (no_grad()) logits = OnCpu(_discriminatorPass.Forward(real, generated));
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
        return Unpacked(SampleChunks.Draw(count, n => Generated(Noise(n, generator)))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> GetTrainingState()
    {
        using var alone = _gate.Alone();
        return StateExchange.Save(Exchange);
    }

    /// <inheritdoc/>
    public void SetTrainingState(IReadOnlyDictionary<string, Tensor> state)
    {
        using var alone = _gate.Alone();
        StateExchange.Restore(Exchange, state);
    }

    /// <summary>
    /// D(x): how probable the discriminator finds it that examples are real. Under the hinge and Wasserstein objectives, which train no
    /// probability, it is a score: more for what looks more real, and nothing beyond that.
    /// </summary>
    /// <param name="examples">Shape [n, example shape]; with packing m, n a multiple of m.</param>
    /// <returns>
    /// Shape [n], or [n/m] with packing m, in [0, 1]: σ(l) of the logit, for the least-squares objective l itself held within [0, 1].
    /// </returns>
    /// <exception cref="ArgumentException">The examples have another shape or type or number, or values that are not finite or out of the generator's range.</exception>
    public Tensor Discriminate(Tensor examples)
    {
        Check(examples);
        if (examples.shape[0] % Options.Packing != 0)
            throw new ArgumentException(
                $"There are {examples.shape[0]} examples, expected a multiple of {Options.Packing}: the discriminator judges that many at once.",
                nameof(examples));
        using var scope = Inference();
        var packs = Packs(examples);
        var logits = DiscriminatorPass.Output.Checked(_discriminator.call(packs), packs).flatten();
        var probabilities = Options.Objective == GanObjective.LeastSquares ? logits.clamp(0, 1) : logits.sigmoid();
        return probabilities.MoveToOuterDisposeScope();
    }

    /// <summary>Disposes the networks and everything that training keeps.</summary>
    public void Dispose()
    {
        if (!_gate.Close()) return;
        _average.Dispose();
        _generatorOptimizer.Dispose();
        _discriminatorOptimizer.Dispose();
        _generatorPass.Dispose();
        _discriminatorPass.Dispose();
        _generator.Dispose();
        _discriminator.Dispose();
        _noise.Dispose();
        _dropout.Dispose();
    }

    private void Exchange(StateExchange state)
    {
        _generatorOptimizer.Exchange(state, "generator.optimizer");
        _discriminatorOptimizer.Exchange(state, "discriminator.optimizer");
        state.Generator("noise", _noise);
        state.Dropouts(_generator, _discriminator);
        _generatorGradientNorm = state.Number("generator.gradient", _generatorGradientNorm);
        _monitor.Exchange(state, "monitor");
    }

    /// <summary>Updates the generator on fresh noise and returns its loss before that.</summary>
    private double GeneratorStep(long packs)
    {
        var generated = Forward(Noise(packs * Options.Packing, _noise));
        var logits = OnCpu(_discriminatorPass.Forward(Packed(generated)));
        var gradient = empty_like(logits);
        double loss = GanLosses.Generator(Options.Objective, TensorMemory.Floats(logits), TensorMemory.Floats(gradient));
        // A discriminator that ignores its input has nothing to teach.
        if (_discriminatorPass.BackwardToInput(gradient.to(Device)) is not { } inputGradient) return loss;
        var (gradients, _) = _generatorPass.Backward(inputGradient.reshape(generated.shape));
        _generatorGradientNorm = Norm(gradients);
        if (double.IsFinite(loss) && double.IsFinite(_generatorGradientNorm)) Follow(gradients);
        return loss;
    }

    private void Follow(IReadOnlyList<Tensor?> gradients)
    {
        _generatorOptimizer.Step(gradients);
        _average.Follow(_generatorOptimizer.Steps);
    }

    /// <summary>The figures that the discriminator's logits tell, real ones first, and the gradient of its loss.</summary>
    private (GanMetrics Metrics, Tensor Gradient) Measure(Tensor logits)
    {
        var gradient = empty_like(logits);
        int half = (int)logits.numel() / 2;
        Span<float> values = TensorMemory.Floats(logits), slopes = TensorMemory.Floats(gradient);
        Span<float> real = values[..half], generated = values[half..];
        double generatorLoss = GanLosses.Generator(Options.Objective, generated, slopes[half..]);
        double loss = GanLosses.Discriminator(
            Options.Objective, real, generated, slopes[..half], slopes[half..], RealTarget);
        var (ofReal, ofGenerated) = (Judgement.Of(Options.Objective, real), Judgement.Of(Options.Objective, generated));
        var metrics = new GanMetrics(
            loss, generatorLoss, 0, ofReal.MeanLog + ofGenerated.MeanLogRest, Options.Objective == GanObjective.Wasserstein ? -loss : null,
            ofReal.Mean, ofGenerated.Mean, ofReal.PartAbove, ofGenerated.PartBelow, null, null);
        return (metrics, gradient);
    }

    /// <summary>Packs of generated examples without a graph. Recording no gradients also leaves running statistics alone.</summary>
    private Tensor Generate(long packs, Generator generator)
    {
        using var noGrad = no_grad();
        return Packed(Forward(Noise(packs * Options.Packing, generator)));
    }

    /// <summary>The generator's pass of a step, which a backward pass may follow.</summary>
    private Tensor Forward(Tensor noise) => _output.Checked(_generatorPass.Forward(noise), noise);

    /// <summary>What the generator makes of noise.</summary>
    private Tensor Generated(Tensor noise) => _output.Checked(_generator.call(noise), noise);

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

    /// <summary>Logits where kernels can read them: the tensor's own memory if that is in the CPU's, otherwise a copy.</summary>
    private static Tensor OnCpu(Tensor logits) => logits.to(float32).cpu().contiguous();

    private static double Norm(IReadOnlyList<Tensor?> gradients) => Math.Sqrt(gradients.Sum(g => g is null ? 0 : SquaredNorm.Of(g)));

    private void Check(Tensor batch, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(batch))] string name = "")
    {
        Guard.Batch(batch, Options.ExampleShape, name);
        Guard.On(Device, batch, name);
        var range = ValueRange.Of(batch);
        if (!range.AllFinite)
            throw new ArgumentException("The batch has values that are NaN or infinite. Remove or replace them before training.", name);
        if (range.Least < _range.Low || range.Greatest > _range.High)
            throw new ArgumentOutOfRangeException(
                name,
                $"The batch has values from {Guard.Text(range.Least)} to {Guard.Text(range.Greatest)}, expected [{Guard.Text(_range.Low)}, {Guard.Text(_range.High)}], the range of " +
                $"the generator's {Options.OutputActivation} output. Scale the data, or use another output activation.");
    }

    private static (double Low, double High) RangeOf(Activation output) => output switch
    {
        Activation.Sigmoid => (0, 1),
        Activation.Tanh => (-1, 1),
        _ => (double.NegativeInfinity, double.PositiveInfinity),
    };

    private InferenceScope Inference() => new(_gate);

    private void StartInference()
    {
        SetTraining(false);
        _average.Exchange();
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
