using System.Text.Json.Serialization;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels;

/// <summary>Settings of a <see cref="Vae"/>. The defaults are the well-known network 784-400-20 with Adam at 0.001.</summary>
[SerializerContext(typeof(VaeJson))]
public sealed record VaeOptions : ModelOptions
{
    /// <summary>The number of dimensions of the latent code z.</summary>
    /// <value>Default 20. Range: at least 1.</value>
    public int LatentSize { get; init; } = 20;

    /// <summary>The widths of the encoder's fully connected hidden layers, from input to code; the decoder has them in reverse.</summary>
    /// <value>Default [400]. Every width at least 1; not used for a network that the user brings.</value>
    public ValueList<int> Hidden { get; init; } = [400];

    /// <summary>
    /// Convolutions between the image and the fully connected layers of the encoder, with the same activation: from the image inward, and the decoder has the same in reverse.
    /// </summary>
    /// <value>Default null: none. They need an <see cref="ModelOptions.ExampleShape"/> [channels, height, width]; not used for a network that the user brings.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConvolutionalLayers? Convolutions { get; init; }

    /// <summary>Applied after each hidden layer.</summary>
    /// <value>Default <see cref="Networks.Activation.Relu"/>; not used for a network that the user brings.</value>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Whether the heads μ and log σ² share the encoder's hidden layers or have a network each.</summary>
    /// <value>Default <see cref="EncoderLayout.SharedTrunk"/>; not used for an encoder that the user brings.</value>
    public EncoderLayout Encoder { get; init; } = EncoderLayout.SharedTrunk;

    /// <summary>The distribution that the decoder's output stands for.</summary>
    /// <value>Default <see cref="Likelihood.Bernoulli"/>.</value>
    public Likelihood Likelihood { get; init; } = Likelihood.Bernoulli;

    /// <summary>The weight β of the KL term (Higgins et al. 2017, equation 4). 1 is the evidence lower bound, 0 leaves an autoencoder.</summary>
    /// <value>Default 1. Range: 0 or more.</value>
    public double Beta { get; init; } = 1;

    /// <summary>
    /// What β is multiplied with at each training step: a <see cref="WarmUpSchedule"/> from 0 lets the decoder learn to use the code before the code
    /// has a price (KL warm-up; Bowman et al. 2016, section 3.1). An evaluation has the whole β.
    /// </summary>
    /// <value>Default <see cref="ConstantSchedule"/>; with importance samples none other.</value>
    public Schedule BetaSchedule { get; init; } = new ConstantSchedule();

    /// <summary>
    /// λ, the nats that each dimension of the code has for free: the KL term of the objective is Σⱼ max(λ, KLⱼ) with the mean KLⱼ of dimension j over
    /// the batch (Kingma et al. 2016, equation 15), so that no dimension is given up for less.
    /// </summary>
    /// <value>Default 0. Range: 0 or more; with importance samples 0.</value>
    public double FreeBits { get; init; }

    /// <summary>
    /// The number k of draws of q(z|x) for each example. 1 trains on the evidence lower bound, its KL term in closed form. More train on the
    /// importance-weighted bound L_k = E[log (1/k) Σ p(x, zᵢ)/q(zᵢ|x)] (Burda, Grosse and Salakhutdinov 2016, equation 8), all of it
    /// estimated from the draws: a tighter bound, at k times the decoder's cost.
    /// </summary>
    /// <value>Default 1. Range: at least 1; above 1 it needs <see cref="Beta"/> = 1, since L_k has no KL term to weight.</value>
    public int ImportanceSamples { get; init; } = 1;

    /// <summary>Where the weights start.</summary>
    /// <value>Default <see cref="Initialization.Default"/>; not used for a network that the user brings.</value>
    public Initialization Initialization { get; init; } = Initialization.Default;

    /// <summary>How the weights follow their gradients.</summary>
    /// <value>Default Adam at 0.001.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>
    /// β of an exponential average of all weights over the steps (Polyak and Juditsky 1992), without the bias of its start:
    /// ŵ ← ŵ + (1 − β)/(1 − βᵗ)·(w − ŵ) after step t. Training goes on with w; everything else, evaluation and samples included, uses ŵ.
    /// </summary>
    /// <value>Default 0: no average. Range: [0, 1); about the last 1/(1 − β) steps count.</value>
    public double WeightAverage { get; init; }

    internal HiddenLayers EncoderLayers => new() { Widths = Hidden, Activation = Activation, Convolutions = Convolutions };

    internal HiddenLayers DecoderLayers => EncoderLayers with { Widths = [.. Hidden.Reverse()] };

    /// <summary>The shape of what the decoder gives for an example.</summary>
    internal ValueList<long> OutputShape => Likelihood.OutputShape(ExampleShape);

    internal override long OutputSize => OutputShape.Size();

    internal override IEnumerable<long> InputSizes => [ExampleSize + ConditionSize, LatentSize + ConditionSize];

    internal override IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) =>
        VaeEncoders.Shapes(this, ownNetworks.Contains("encoder")).Under("encoder")
            .Concat(DecoderLayers.DecoderShapes(LatentSize + ConditionSize, OutputShape).Under("decoder", ownNetworks))
            .Concat(Likelihood.Shapes.Under("likelihood"));

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.AtLeast(LatentSize, 1);
        foreach (int width in Guard.NotNull(Hidden)) Guard.AtLeast(width, 1, nameof(Hidden));
        Guard.Defined(Activation);
        Convolutions?.ValidateFor(ExampleShape);
        Guard.Defined(Encoder);
        Guard.NotNull(Likelihood).Validate();
        CheckNumberOfValues(OutputShape, examples: 1);
        Guard.NotNegative(Beta);
        Guard.AtLeast(ImportanceSamples, 1);
        Guard.NotNull(BetaSchedule).Validate();
        Guard.NotNegative(FreeBits);
        if (ImportanceSamples > 1 && (BetaSchedule is not ConstantSchedule || FreeBits > 0))
            throw new ArgumentException(
                $"There are {ImportanceSamples} importance samples with a schedule of β or free bits, expected neither: their bound has no KL term to weight.",
                BetaSchedule is ConstantSchedule ? nameof(FreeBits) : nameof(BetaSchedule));
        if (ImportanceSamples > 1 && Beta != 1)
            throw new ArgumentException(
                $"Beta is {Guard.Text(Beta)} with {ImportanceSamples} importance samples, expected 1: their bound has no KL term to weight.", nameof(Beta));
        Guard.Defined(Initialization);
        Guard.NotNull(Optimizer).Validate();
        Guard.InHalfOpen(WeightAverage, 0, 1);
    }
}
