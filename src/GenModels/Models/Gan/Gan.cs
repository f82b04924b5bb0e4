using GenModels.Data;
using GenModels.Kernels;
using GenModels.Networks;
using GenModels.Optimization;
using GenModels.State;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A generative adversarial network (Goodfellow et al. 2014): a generator G turns noise into examples, and a discriminator D tells them from
/// real ones; min_G max_D V(D, G) = E log D(x) + E log(1 − D(G(z))).
/// </summary>
/// <remarks>
/// Examples have the shape [n, <see cref="ModelOptions.ExampleShape"/>], noise [n, noise]. Tensors that a method returns belong to the caller.
/// With <see cref="GanOptions.WeightAverage"/>, the average of a generator's weight stands beside it in the state, under <c>average.</c> and its name.
/// <para>
/// A training step updates the discriminator, and after every <see cref="GanOptions.DiscriminatorSteps"/> of them the generator, each on fresh
/// noise (Goodfellow et al. 2014, algorithm 1). Each network's step leaves the other's weights and, where they are the model's own, its running
/// statistics untouched. A network whose loss or gradient is not finite is not updated. An evaluation has no gradient norms: dropout is off, and
/// batch norm uses its running statistics.
/// </para>
/// </remarks>
[StoredName("gan")]
public sealed partial class Gan : GenerativeModel<GanOptions, GanMetrics>
{
    private readonly nn.Module<Tensor, Tensor> _generator;
    private readonly nn.Module<Tensor, Tensor> _discriminator;
    private readonly NetworkOutput _output;
    private readonly Backpropagation _generatorPass;
    private readonly DiscriminatorPass _discriminatorPass;
    private readonly GradientPenalties _penalties;
    private readonly Optimizer _generatorOptimizer;
    private readonly Optimizer _discriminatorOptimizer;
    private readonly GanMonitor _monitor;
    private readonly (double Low, double High) _range;
    private double _generatorGradientNorm;

    /// <summary>Makes a GAN with the networks of its settings.</summary>
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
        : base(options, device)
    {
        if (generator is not null) TrialRun.Expect(generator, options.InputShape([options.NoiseSize]), options.ExampleSize, nameof(generator));
        if (discriminator is not null) TrialRun.Expect(discriminator, options.DiscriminatorShape, 1, nameof(discriminator));
        _output = new NetworkOutput("generator", options.ExampleSize);

        using var scope = NewDisposeScope();
        var weights = RandomGenerator.For(options.Seed, RandomStreams.Weights);
        var dropout = RandomGenerator.For(options.Seed, RandomStreams.Dropout);
        _generator = AddNetwork("generator", generator ?? options.Generator.Decoder(
            options.NoiseSize + options.ConditionSize, options.ExampleShape, options.OutputActivation, options.Initialization, weights, dropout), generator is not null);
        _discriminator = AddNetwork("discriminator", discriminator ?? options.Discriminator.Encoder(
            options.PackedShape, options.ConditionSize * options.Packing, 1, Activation.Identity, options.Initialization, weights, dropout), discriminator is not null);
        (_generatorPass, _discriminatorPass) = (Owned(Backpropagation.Of(_generator)), Owned(new DiscriminatorPass(_discriminator)));
        _penalties = Owned(new GradientPenalties(_discriminator, _discriminatorPass.Parameters, options.R1, options.GradientPenaltyInUse, options.ExampleSize * options.Packing));
        _generatorOptimizer = AddOptimizer("generator.optimizer", options.GeneratorOptimizer, _generatorPass.Parameters);
        _discriminatorOptimizer = AddOptimizer("discriminator.optimizer", options.DiscriminatorOptimizer, _discriminatorPass.Parameters);
        KeepAverages(options.WeightAverage, _generatorOptimizer);
        _monitor = new(GanLosses.OfIndifference(options.Objective, RealTarget), options.ExampleSize);
        _range = generator is null ? RangeOf(options.OutputActivation) : RangeOf(Activation.Identity);
    }

    private double RealTarget => 1 - Options.LabelSmoothing;

    /// <summary>How recent training steps went, and what is wrong.</summary>
    public GanHealth Health
    {
        get
        {
            using var alone = Alone();
            return _monitor.Read();
        }
    }

    /// <inheritdoc/>
    protected override GanMetrics Step(Batch batch)
    {
        var (examples, condition) = InWholePacks(batch);
        var (real, samples) = (Packed(examples, condition), Generate(examples.shape[0], condition, Noise));
        var generated = Packed(samples, condition);
        // Read before another pass overwrites them.
        var logits = OnCpu(_discriminatorPass.Forward(real, generated));
        var (metrics, gradient) = Measure(logits);
        double logitSpread = GanMonitor.Spread(TensorMemory.Floats(logits));
        var (penalty, penaltyGradients) = _penalties.Of(real, generated, Noise, withGradients: true);
        var gradients = GradientSum.Of(_discriminatorPass.Backward(gradient.to(Device)), penaltyGradients);
        metrics = metrics with { Penalty = penalty };
        metrics = metrics with { DiscriminatorGradientNorm = Update(metrics.Loss, _discriminatorOptimizer, gradients) };
        if (_discriminatorOptimizer.Steps % Options.DiscriminatorSteps == 0)
            metrics = metrics with { GeneratorLoss = GeneratorStep(examples.shape[0], condition) };
        metrics = metrics with { GeneratorGradientNorm = _generatorGradientNorm };
        _monitor.Add(metrics, logitSpread, batch.Examples, AsExamples(samples));
        return metrics;
    }

    /// <inheritdoc/>
    protected override bool JudgesAlone => true;

    /// <inheritdoc/>
    protected override GanMetrics Judge(Batch batch, RandomGenerator generator)
    {
        SetTraining(false);
        var (examples, condition) = InWholePacks(batch);
        var (real, generated) = (Packed(examples, condition), Packed(Generate(examples.shape[0], condition, generator), condition));
        var logits = OnCpu(_discriminatorPass.Forward(real, generated));
        return Measure(logits).Metrics with { Penalty = _penalties.Of(real, generated, generator, withGradients: false).Value };
    }

    /// <inheritdoc/>
    protected override Tensor Draw(int count, RandomGenerator generator, Tensor? condition) => Generated(With(condition, NoiseFor(count, generator)));

    /// <summary>What the generator makes of noise: the same noise gives the same examples.</summary>
    /// <param name="noise">Shape [n, noise], n ≥ 1.</param>
    /// <param name="condition">For a conditional model what the examples shall be, as <see cref="Batch.Condition"/> has it; null for any other.</param>
    /// <returns>Shape [n, example shape].</returns>
    /// <exception cref="ArgumentException">The noise has another shape or type, or no fitting condition.</exception>
    public Tensor Generate(Tensor noise, Tensor? condition = null)
    {
        Guard.Batch(noise, [Options.NoiseSize]);
        Guard.On(Device, noise);
        CheckCondition(condition, noise.shape[0], nameof(condition));
        using var scope = Inference();
        return AsExamples(Generated(With(condition, noise))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// D(x): how probable the discriminator finds it that examples are real. Under the hinge and Wasserstein objectives, which train no
    /// probability, it is a score: more for what looks more real, and nothing beyond that.
    /// </summary>
    /// <param name="examples">Shape [n, example shape], with their condition where the model has one; with packing m, n a multiple of m.</param>
    /// <returns>
    /// Shape [n], or [n/m] with packing m, in [0, 1]: σ(l) of the logit, for the least-squares objective l itself held within [0, 1].
    /// </returns>
    /// <exception cref="ArgumentException">The examples have another shape or type or number, or values that are not finite or out of the generator's range.</exception>
    public Tensor Discriminate(Batch examples)
    {
        Check(examples, nameof(examples));
        if (examples.Examples.shape[0] % Options.Packing != 0)
            throw new ArgumentException(
                $"There are {examples.Examples.shape[0]} examples, expected a multiple of {Options.Packing}: the discriminator judges that many at once.",
                nameof(examples));
        using var scope = Inference();
        var packs = Packed(examples.Examples, examples.Condition);
        var logits = DiscriminatorPass.Output.Checked(_discriminator.call(packs), packs).flatten();
        var probabilities = Options.Objective == GanObjective.LeastSquares ? logits.clamp(0, 1) : logits.sigmoid();
        return probabilities.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Exchange(StateExchange state)
    {
        _generatorGradientNorm = state.Number("generator.gradient", _generatorGradientNorm);
        _monitor.Exchange(state, "monitor");
    }

    /// <summary>Updates the generator on fresh noise and returns its loss before that.</summary>
    private double GeneratorStep(long count, Tensor? condition)
    {
        var generated = Forward(With(condition, NoiseFor(count, Noise)));
        var logits = OnCpu(_discriminatorPass.Forward(Packed(generated, condition)));
        var gradient = empty_like(logits);
        double loss = GanLosses.Generator(Options.Objective, TensorMemory.Floats(logits), TensorMemory.Floats(gradient));
        // A discriminator that ignores its input has nothing to teach.
        if (_discriminatorPass.BackwardToInput(gradient.to(Device)) is not { } inputGradient) return loss;
        var (gradients, _) = _generatorPass.Backward(OfExamples(inputGradient).reshape(generated.shape));
        _generatorGradientNorm = Update(loss, _generatorOptimizer, gradients);
        return loss;
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

    /// <summary>Generated examples without a graph. Recording no gradients also leaves running statistics alone.</summary>
    private Tensor Generate(long count, Tensor? condition, RandomGenerator generator)
    {
        using var noGrad = no_grad();
        return Forward(With(condition, NoiseFor(count, generator)));
    }

    /// <summary>The generator's pass of a step, which a backward pass may follow.</summary>
    private Tensor Forward(Tensor noise) => _output.Checked(_generatorPass.Forward(noise), noise);

    /// <summary>What the generator makes of noise.</summary>
    private Tensor Generated(Tensor noise) => _output.Checked(_generator.call(noise), noise);

    // Drawn on the CPU wherever the model lives, so that a seed means the same everywhere.
    private Tensor NoiseFor(long count, RandomGenerator generator) => (Options.Noise switch
    {
        NoiseDistribution.Normal => generator.Normal([count, Options.NoiseSize]),
        NoiseDistribution.Uniform => generator.Uniform([count, Options.NoiseSize]) * 2 - 1,
        _ => throw new InvalidOperationException($"No such noise: {Options.Noise}."),
    }).to(Device);

    /// <summary>A batch whose examples fill packs: without what is left over, or repeated where it does not fill one.</summary>
    private Batch InWholePacks(Batch batch)
    {
        var (n, m) = (batch.Examples.shape[0], Options.Packing);
        if (n % m == 0) return batch;
        if (n > m) return new(batch.Examples.narrow(0, 0, n - n % m), batch.Condition?.narrow(0, 0, n - n % m));
        var rows = tensor([.. Enumerable.Range(0, m).Select(i => i % n)], device: Device);
        return new(batch.Examples.index_select(0, rows), batch.Condition?.index_select(0, rows));
    }

    /// <summary>What the discriminator sees of examples: packs of them, with the conditions of a pack behind its examples.</summary>
    private Tensor Packed(Tensor examples, Tensor? condition)
    {
        var packs = examples.reshape([-1, .. Options.PackedShape]);
        if (condition is null || Options.Condition is not { } kind) return packs;
        return cat([packs.flatten(1), kind.Encode(condition).reshape(packs.shape[0], -1)], 1);
    }

    /// <summary>What of the gradient of the discriminator's input is that of the examples.</summary>
    private Tensor OfExamples(Tensor inputGradient) =>
        Options.Condition is null ? inputGradient : inputGradient.narrow(1, 0, Options.ExampleSize * Options.Packing);

    /// <summary>Logits where kernels can read them: the tensor's own memory if that is in the CPU's, otherwise a copy.</summary>
    private static Tensor OnCpu(Tensor logits) => logits.to(float32).cpu().contiguous();

    /// <inheritdoc/>
    protected override void CheckExamples(Tensor examples, string name)
    {
        base.CheckExamples(examples, name);
        var range = ValueRange.Of(examples);
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
}
