namespace GenModels.Networks;

/// <summary>
/// Convolutions on the side of a network where the image is (Radford, Metz and Chintala 2016, section 3). Immutable; checked when a network is made
/// of it.
/// </summary>
/// <remarks>
/// A stage halves the height and width of its input: a convolution with stride 2, without pooling. A network that makes images has the same stages in reverse,
/// as transposed convolutions.
/// </remarks>
public sealed record ConvolutionalLayers
{
    internal const int Stride = 2;

    /// <summary>The number of channels of each stage, from the image inward.</summary>
    /// <value>Default [32, 64]. At least one stage, every number at least 1; the image's height and width divide by 2 as often as there are stages.</value>
    public ValueList<int> Channels { get; init; } = [32, 64];

    /// <summary>The height and width of each convolution's window.</summary>
    /// <value>Default 4. Range: even, from 2 to 16, so that every stage halves the image without a remainder.</value>
    public int Kernel { get; init; } = 4;

    /// <summary>
    /// Whether batch norm stands behind each convolution but the one next to the image (Radford, Metz and Chintala 2016, section 3), over examples and pixels.
    /// </summary>
    /// <value>Default false.</value>
    public bool BatchNorm { get; init; }

    internal int Padding => (Kernel - Stride) / 2;

    internal void Validate()
    {
        if (Guard.NotNull(Channels).Count == 0) throw new ArgumentException("The convolutions have no stages, expected at least one number of channels.", nameof(Channels));
        foreach (int count in Channels) Guard.AtLeast(count, 1, nameof(Channels));
        Guard.Within(Kernel, 2, 16);
        if (Kernel % 2 != 0) throw new ArgumentOutOfRangeException(nameof(Kernel), Kernel, "The kernel is odd, expected an even number from 2 to 16: an odd one does not halve an image.");
    }

    /// <summary>Checks that examples are images that the stages can halve.</summary>
    /// <param name="exampleShape">The shape of one example.</param>
    internal void ValidateFor(IReadOnlyList<long> exampleShape)
    {
        Validate();
        if (exampleShape.Count != 3)
            throw new ArgumentException(
                $"Examples have the shape {Guard.Shape(exampleShape)}, expected [channels, height, width]: convolutions work on images.", nameof(exampleShape));
        long divisor = 1L << Math.Min(Channels.Count, 62);
        if (exampleShape[1] % divisor != 0 || exampleShape[2] % divisor != 0)
            throw new ArgumentException(
                $"Images of {exampleShape[1]}×{exampleShape[2]} pixels can't be halved {Channels.Count} times, expected a height and width that divide by 2 as often: " +
                "take fewer stages, or images of another size.", nameof(Channels));
    }
}
