using System.Text.Json.Serialization;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels;

/// <summary>Settings of a <see cref="Gan"/>. The defaults are two networks of three layers for values in [0, 1], with Adam at 0.0002.</summary>
[SerializerContext(typeof(GanJson))]
public sealed record GanOptions : ModelOptions
{
    /// <summary>The number of dimensions of the noise z.</summary>
    /// <value>Default 100. Range: at least 1.</value>
    public int NoiseSize { get; init; } = 100;

    /// <summary>The distribution of the noise, p_z.</summary>
    /// <value>Default <see cref="NoiseDistribution.Normal"/>.</value>
    public NoiseDistribution Noise { get; init; } = NoiseDistribution.Normal;

    /// <summary>The generator's hidden layers, from noise to example.</summary>
    /// <value>Default [256, 256] with ReLU; not used for a generator that the user brings.</value>
    public HiddenLayers Generator { get; init; } = new();

    /// <summary>Applied to the generator's output, and so what range examples may have: sigmoid [0, 1], tanh [−1, 1], identity any.</summary>
    /// <value>Default <see cref="Activation.Sigmoid"/>. One of these three; not used for a generator that the user brings.</value>
    public Activation OutputActivation { get; init; } = Activation.Sigmoid;

    /// <summary>The discriminator's hidden layers, from example to logit. Its fully connected ones have no batch norm.</summary>
    /// <value>
    /// Default [256, 256] with leaky ReLU; not used for a discriminator that the user brings. With batch norm of convolutions it sees real and generated
    /// examples in batches of their own.
    /// </value>
    public HiddenLayers Discriminator { get; init; } = new() { Activation = Activation.LeakyRelu };

    /// <summary>Where the weights start.</summary>
    /// <value>Default <see cref="Initialization.Default"/>; not used for a network that the user brings.</value>
    public Initialization Initialization { get; init; } = Initialization.Default;

    /// <summary>What the networks minimize.</summary>
    /// <value>Default <see cref="GanObjective.NonSaturating"/>.</value>
    public GanObjective Objective { get; init; } = GanObjective.NonSaturating;

    /// <summary>s of one-sided label smoothing: real examples have the target 1 − s (Salimans et al. 2016, section 3.4).</summary>
    /// <value>Default 0. Range: [0, 0.5); 0 for the Wasserstein and hinge objectives, which have no targets.</value>
    public double LabelSmoothing { get; init; }

    /// <summary>γ of the penalty ½γ·E‖∇l(x)‖² on the gradient of the logit at real examples (R1; Mescheder et al. 2018, equation 9).</summary>
    /// <value>Default 0. Range: 0 or more.</value>
    public double R1 { get; init; }

    /// <summary>
    /// λ of the penalty λ·E(‖∇l(x̂)‖ − 1)² on the gradient of the logit between real and generated examples (Gulrajani et al. 2017, equation 3).
    /// </summary>
    /// <value>Default null: 10 for the Wasserstein objective, 0 for the others. Range: 0 or more.</value>
    public double? GradientPenalty { get; init; }

    /// <summary>
    /// m of PacGAN (Lin et al. 2018, section 3): the discriminator sees m examples at once, joined along their first dimension, so that it sees
    /// when samples resemble each other. What is left of a batch that does not divide by m is not used; a batch of fewer than m repeats itself.
    /// </summary>
    /// <value>Default 1: no packing. Range: at least 1.</value>
    public int Packing { get; init; } = 1;

    /// <summary>k: how many steps the discriminator takes before each of the generator's (Goodfellow et al. 2014, algorithm 1).</summary>
    /// <value>Default 1. Range: at least 1.</value>
    public int DiscriminatorSteps { get; init; } = 1;

    /// <summary>How the generator's weights follow their gradients.</summary>
    /// <value>Default Adam at 0.0002 with β₁ = 0.5 (Radford, Metz and Chintala 2016).</value>
    public OptimizerOptions GeneratorOptimizer { get; init; } = new AdamOptions { LearningRate = 2e-4, Beta1 = 0.5 };

    /// <summary>How the discriminator's weights follow their gradients.</summary>
    /// <value>Default Adam at 0.0002 with β₁ = 0.5 (Radford, Metz and Chintala 2016).</value>
    public OptimizerOptions DiscriminatorOptimizer { get; init; } = new AdamOptions { LearningRate = 2e-4, Beta1 = 0.5 };

    /// <summary>
    /// β of an exponential average of the generator's weights over its steps, which samples are drawn with (Karras et al. 2018,
    /// appendix A.1), without the bias of its start: ŵ ← ŵ + (1 − β)/(1 − βᵗ)·(w − ŵ) after step t. Training, and an evaluation, which tells
    /// how the two networks stand to each other, go on with w.
    /// </summary>
    /// <value>Default 0: no average. Range: [0, 1), often 0.999; about the last 1/(1 − β) steps count.</value>
    public double WeightAverage { get; init; }

    /// <summary>The shape of what the discriminator sees at once: m·c, … where an example has the shape c, ….</summary>
    [JsonIgnore]
    public ValueList<long> PackedShape => [ExampleShape[0] * Packing, .. ExampleShape.Skip(1)];

    /// <summary>How many values the discriminator sees at once: those of a pack of examples and of their conditions.</summary>
    internal long DiscriminatorInputs => (ExampleSize + ConditionSize) * Packing;

    internal ValueList<long> DiscriminatorShape => Condition is null ? PackedShape : [DiscriminatorInputs];

    internal double GradientPenaltyInUse => GradientPenalty ?? (Objective == GanObjective.Wasserstein ? 10 : 0);

    internal override IEnumerable<long> InputSizes => [DiscriminatorInputs, NoiseSize + ConditionSize];

    internal override IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) =>
        Generator.DecoderShapes(NoiseSize + ConditionSize, ExampleShape).Under("generator", ownNetworks)
            .Concat(Discriminator.EncoderShapes(PackedShape, ConditionSize * Packing, 1).Under("discriminator", ownNetworks));

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.AtLeast(NoiseSize, 1);
        Guard.Defined(Noise);
        Guard.NotNull(Generator).Validate();
        Guard.NotNull(Discriminator).Validate();
        Generator.Convolutions?.ValidateFor(ExampleShape);
        Discriminator.Convolutions?.ValidateFor(PackedShape);
        Guard.Defined(Initialization);
        Guard.Defined(Objective);
        Guard.InHalfOpen(LabelSmoothing, 0, 0.5);
        Guard.NotNegative(R1);
        if (GradientPenalty is { } penalty) Guard.NotNegative(penalty, nameof(GradientPenalty));
        Guard.AtLeast(Packing, 1);
        CheckNumberOfValues(ExampleShape, examples: Packing);
        Guard.AtLeast(DiscriminatorSteps, 1);
        Guard.NotNull(GeneratorOptimizer).Validate();
        Guard.InHalfOpen(WeightAverage, 0, 1);
        Guard.NotNull(DiscriminatorOptimizer).Validate();

        if (OutputActivation is not (Activation.Sigmoid or Activation.Tanh or Activation.Identity))
            throw new ArgumentException(
                $"The generator's output activation is {OutputActivation}, expected Sigmoid, Tanh or Identity.", nameof(OutputActivation));
        if (Discriminator.BatchNorm)
            throw new ArgumentException(
                "The discriminator has batch norm, whose statistics would mix real and generated examples. " +
                "Leave it out, or bring a discriminator of your own.", nameof(Discriminator));
        if (LabelSmoothing > 0 && Objective is GanObjective.Wasserstein or GanObjective.Hinge)
            throw new ArgumentException(
                $"The label smoothing is {Guard.Text(LabelSmoothing)}, expected 0: the {Objective} objective has no targets.", nameof(LabelSmoothing));
    }
}
