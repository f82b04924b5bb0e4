using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels;

/// <summary>Settings of an <see cref="ImageClassifier"/>. The defaults suit images of 28×28 pixels in ten classes.</summary>
[SerializerContext(typeof(ClassifierJson))]
public sealed record ClassifierOptions : ModelOptions
{
    /// <summary>The number of classes.</summary>
    /// <value>Default 10. Range: at least 2.</value>
    public int Classes { get; init; } = 10;

    /// <summary>The hidden layers; the last one's outputs are the features.</summary>
    /// <value>Default 512 and 256 units, with a dropout of 0.1 on the input and 0.3 on hidden units. At least one layer.</value>
    public HiddenLayers Hidden { get; init; } = new() { Widths = [512, 256], InputDropout = 0.1, Dropout = 0.3 };

    /// <summary>How the weights follow their gradients.</summary>
    /// <value>Default Adam at 0.001.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    internal override IEnumerable<StateShape> ImpliedState(IReadOnlyCollection<string> ownNetworks) =>
        Hidden.EncoderShapes(ExampleShape, 0, Classes).Under(ImageClassifier.NetworkName);

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.AtLeast(Classes, 2);
        if (Condition is not null)
            throw new ArgumentException("A classifier tells what an example is, expected no condition: leave it null, and give the labels with the examples.", nameof(Condition));
        Guard.NotNull(Hidden).Validate();
        Hidden.Convolutions?.ValidateFor(ExampleShape);
        if (Hidden is { Widths.Count: 0, Convolutions: null }) throw new ArgumentException("There are no hidden layers, expected at least one: its outputs are the features.", nameof(Hidden));
        Guard.NotNull(Optimizer).Validate();
    }
}
