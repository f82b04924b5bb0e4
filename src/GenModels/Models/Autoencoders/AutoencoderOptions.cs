using System.Text.Json.Serialization;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels;

/// <summary>Settings of an <see cref="Autoencoder"/>.</summary>
[SerializerContext(typeof(AutoencoderJson))]
public sealed record AutoencoderOptions : ModelOptions
{
    /// <summary>The number of dimensions of the code z. Fewer than an example has values makes a dimension reduction.</summary>
    /// <value>Default 32. Range: at least 1.</value>
    public int CodeSize { get; init; } = 32;

    /// <summary>The widths of the encoder's fully connected hidden layers, from input to code; the decoder has them in reverse. None makes one layer each way.</summary>
    /// <value>Default [128]. Every width at least 1; not used for a network that the user brings.</value>
    public ValueList<int> Hidden { get; init; } = [128];

    /// <summary>
    /// Convolutions between the image and the fully connected layers of the encoder, with the same activation: from the image inward, and the decoder has the same in reverse.
    /// </summary>
    /// <value>Default null: none. They need an <see cref="ModelOptions.ExampleShape"/> [channels, height, width]; not used for a network that the user brings.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConvolutionalLayers? Convolutions { get; init; }

    /// <summary>Applied after each hidden layer of encoder and decoder.</summary>
    /// <value>Default <see cref="Networks.Activation.Relu"/>; not used for a network that the user brings.</value>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Applied to the code.</summary>
    /// <value>Default <see cref="Networks.Activation.Identity"/>; not used for an encoder that the user brings.</value>
    public Activation CodeActivation { get; init; } = Activation.Identity;

    /// <summary>Applied to the decoder's output.</summary>
    /// <value>
    /// Default <see cref="Networks.Activation.Identity"/>, and nothing else with <see cref="ReconstructionLoss.Bernoulli"/>, which takes
    /// logits; not used for a decoder that the user brings.
    /// </value>
    public Activation OutputActivation { get; init; } = Activation.Identity;

    /// <summary>Whether each layer of the decoder uses the weight of the encoder's layer opposite to it, transposed: W² = (W¹)ᵀ, stored once.</summary>
    /// <value>Default false. Not possible with networks that the user brings.</value>
    public bool TiedWeights { get; init; }

    /// <summary>How a reconstruction is compared with its example.</summary>
    /// <value>Default <see cref="ReconstructionLoss.SquaredError"/>.</value>
    public ReconstructionLoss Loss { get; init; } = ReconstructionLoss.SquaredError;

    /// <summary>
    /// What is done to the encoder's input in training steps, and only there, while the loss compares with the intact example: a denoising
    /// autoencoder (Vincent et al. 2008).
    /// </summary>
    /// <value>Default null: nothing.</value>
    public Corruption? Corruption { get; init; }

    /// <summary>Where the weights start. With tied weights the decoder's biases start at 0.</summary>
    /// <value>Default <see cref="Initialization.Default"/>; not used for a network that the user brings.</value>
    public Initialization Initialization { get; init; } = Initialization.Default;

    /// <summary>How the weights follow their gradients.</summary>
    /// <value>Default Adam at 0.001.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>
    /// β of an exponential average of all weights over the steps (Polyak and Juditsky 1992), without the bias of its start:
    /// ŵ ← ŵ + (1 − β)/(1 − βᵗ)·(w − ŵ) after step t. Training goes on with w; everything else, evaluation and codes included, uses ŵ.
    /// </summary>
    /// <value>Default 0: no average. Range: [0, 1); about the last 1/(1 − β) steps count.</value>
    public double WeightAverage { get; init; }

    internal HiddenLayers EncoderLayers => new() { Widths = Hidden, Activation = Activation, Convolutions = Convolutions };

    internal HiddenLayers DecoderLayers => EncoderLayers with { Widths = [.. Hidden.Reverse()] };

    internal override IEnumerable<long> InputSizes => [ExampleSize + ConditionSize, CodeSize + ConditionSize];

    internal override IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) =>
        EncoderLayers.EncoderShapes(ExampleShape, ConditionSize, CodeSize).Under("encoder", ownNetworks).Concat(DecoderShapes().Under("decoder", ownNetworks));

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.AtLeast(CodeSize, 1);
        foreach (int width in Guard.NotNull(Hidden)) Guard.AtLeast(width, 1, nameof(Hidden));
        Guard.Defined(Activation);
        Convolutions?.ValidateFor(ExampleShape);
        Guard.Defined(CodeActivation);
        Guard.Defined(OutputActivation);
        Guard.Defined(Loss);
        if (Loss == ReconstructionLoss.Bernoulli && OutputActivation != Activation.Identity)
            throw new ArgumentException(
                $"The output activation is {OutputActivation}, expected Identity: the Bernoulli loss takes logits and applies the sigmoid itself.",
                nameof(OutputActivation));
        if (TiedWeights && Condition is not null)
            throw new ArgumentException(
                "The weights are tied and the model is conditional, expected one or the other: the decoder's input has the condition beside the code, which the encoder does not give.",
                nameof(Condition));
        if (TiedWeights && Convolutions is not null)
            throw new ArgumentException("The weights are tied and there are convolutions, expected one or the other: only fully connected layers share theirs.", nameof(Convolutions));
        Corruption?.Validate();
        Guard.Defined(Initialization);
        Guard.NotNull(Optimizer).Validate();
        Guard.InHalfOpen(WeightAverage, 0, 1);
    }

    private IEnumerable<StateShape> DecoderShapes()
    {
        var shapes = DecoderLayers.DecoderShapes(CodeSize + ConditionSize, ExampleShape);
        // A tied decoder has nothing of its own but biases.
        return TiedWeights ? shapes.Where(s => s.Shape.Length == 1) : shapes;
    }
}
