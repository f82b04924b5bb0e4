using GenModels.Kernels;
using TorchSharp;

namespace GenModels;

/// <summary>
/// A mixture of K logistic distributions for each pixel of an 8-bit image, discretized to its levels 0, 1/255, …, 1 (Salimans, Karpathy, Chen and Kingma
/// 2017, "PixelCNN++", sections 2.1 and 2.2): log p(x|z) = Σ log Σᵢ πᵢ [σ((t − μᵢ + 1/255)/sᵢ) − σ((t − μᵢ − 1/255)/sᵢ)] with t = 2x − 1, where the lowest
/// level has all that lies below it, and the highest all that lies above. It is a probability of the pixels as they are, in contrast to the density of
/// <see cref="GaussianLikelihood"/>, so that nats per example divided by D·log 2 are bits per dimension.
/// </summary>
/// <remarks>
/// The decoder gives planes as large as an example's plane: K logits of π; for each channel K means μ and K logarithms of s, of which what is below
/// −7 counts as −7; with three channels also K coefficients for each, in which tanh is taken.
/// </remarks>
public sealed record DiscretizedLogisticMixtureLikelihood : Likelihood
{
    private const int MostComponents = 1_000;

    /// <summary>K, the number of logistic distributions in a mixture.</summary>
    /// <value>Default 10. Range: [1, 1000].</value>
    public int Components { get; init; } = 10;

    /// <summary>
    /// How many values make a pixel. 1: each value has a mixture of its own. 3: red, green and blue of a pixel come from one component, in which the mean
    /// of green moves in proportion to red, and that of blue in proportion to red and green; examples then have the shape [3, …].
    /// </summary>
    /// <value>Default 1. Range: 1 or 3.</value>
    public int Channels { get; init; } = 1;

    internal MixtureLayout Layout => new(Components, Channels);

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.AtLeast(Components, 1);
        if (Components > MostComponents)
            throw new ArgumentOutOfRangeException(nameof(Components), Components, $"The mixture has {Components} components, expected at most {MostComponents}.");
        if (Channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(Channels), Channels, $"A pixel has {Channels} channels, expected 1 or 3.");
    }

    /// <inheritdoc/>
    public override ValueList<long> OutputShape(ValueList<long> exampleShape)
    {
        if (Channels == 3 && Guard.NotNull(exampleShape)[0] != Channels)
            throw new ArgumentException(
                $"Examples have the shape {Guard.Shape(exampleShape)}, expected [3, …] for a likelihood of three channels: set Channels to 1 for any other.", nameof(exampleShape));
        var planes = (Int128)Layout.Planes * Guard.NotNull(exampleShape)[0] / Channels;
        if (planes > long.MaxValue)
            throw new ArgumentException(
                $"Examples have the shape {Guard.Shape(exampleShape)}, of which {Layout.Planes} parameters for each pixel are 2⁶³ or more, expected fewer.", nameof(exampleShape));
        return [(long)planes, .. exampleShape.Skip(1)];
    }

    /// <inheritdoc/>
    public override ObservationModel Create(torch.Device device) => new DiscretizedLogisticMixtureObservation(Layout);
}
