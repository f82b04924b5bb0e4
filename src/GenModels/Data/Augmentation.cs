using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>What is done to images each time they are trained on, so that a model sees more than there are. Immutable.</summary>
/// <remarks>
/// It stands in <c>FitOptions.Augmentations</c>: only training steps see it, conditions stay with their images, and the seed, the step and
/// an image's place in its batch decide what is drawn, so that a resumed run draws the same. Images have the shape [height, width] or
/// [channels, height, width]; sets of grey images take it by <see cref="ImageSet.Reshape"/>.
/// Derive from it for one of your own, and <see cref="StoredTypes.Register{TBase, T}"/> it so that checkpoints can hold it.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(HorizontalFlip), "horizontal-flip")]
[JsonDerivedType(typeof(RandomShift), "random-shift")]
public abstract record Augmentation
{
    /// <summary>Throws where a setting lies outside its range, or examples are no images.</summary>
    /// <param name="exampleShape">The shape of an example.</param>
    /// <exception cref="ArgumentException">A setting lies outside its range, or the shape has no height and width; the message names which.</exception>
    public virtual void Validate(IReadOnlyList<long> exampleShape)
    {
        if (Guard.NotNull(exampleShape).Count is not (2 or 3))
            throw new ArgumentException(
                $"Examples have the shape {Guard.Shape(exampleShape)}, expected images, [height, width] or [channels, height, width], for {GetType().Name}: " +
                "Reshape gives a set of images that shape.",
                nameof(exampleShape));
    }

    /// <summary>Changed copies. What is drawn comes from the CPU wherever x lives, so that a seed means the same everywhere.</summary>
    /// <param name="x">Examples, shape [n, height, width] or [n, channels, height, width].</param>
    /// <param name="generator">The source of the draws.</param>
    /// <returns>Of the shape of x, in the dispose scope that is open.</returns>
    public abstract Tensor Apply(Tensor x, RandomGenerator generator);
}

/// <summary>Mirrors an image, so that left becomes right, with a probability.</summary>
public sealed record HorizontalFlip : Augmentation
{
    /// <summary>The share of images that are mirrored.</summary>
    /// <value>Default 0.5. Range: [0, 1].</value>
    public double Probability { get; init; } = 0.5;

    /// <inheritdoc/>
    public override void Validate(IReadOnlyList<long> exampleShape)
    {
        base.Validate(exampleShape);
        Guard.Within(Probability, 0, 1);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        float[] isFlipped = generator.Bernoulli([x.shape[0]], Probability).data<float>().ToArray();
        long last = x.shape[^1] - 1;
        return ImagePlaces.Take(x, -1, (image, column) => isFlipped[image] > 0 ? last - column : column).MoveToOuterDisposeScope();
    }
}

/// <summary>Moves an image by whole pixels, each way and each number of pixels up to a limit as likely as any other.</summary>
public sealed record RandomShift : Augmentation
{
    /// <summary>By how many pixels at most an image moves up, down, left or right.</summary>
    /// <value>Default 4. Range: at least 0, and less than an image's height and width.</value>
    public int Pixels { get; init; } = 4;

    /// <summary>What comes in at the side that an image moves away from.</summary>
    /// <value>Default <see cref="ImagePadding.Zero"/>.</value>
    public ImagePadding Padding { get; init; } = ImagePadding.Zero;

    /// <inheritdoc/>
    public override void Validate(IReadOnlyList<long> exampleShape)
    {
        base.Validate(exampleShape);
        Guard.AtLeast(Pixels, 0);
        Guard.Defined(Padding);
        if (Pixels >= Math.Min(exampleShape[^1], exampleShape[^2]))
            throw new ArgumentOutOfRangeException(
                nameof(Pixels), $"The shift is {Guard.Text(Pixels)} pixels, expected less than the height and width of images of the shape {Guard.Shape(exampleShape)}.");
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, RandomGenerator generator)
    {
        using var scope = NewDisposeScope();
        float[] drawn = generator.Uniform([x.shape[0], 2]).data<float>().ToArray();
        int[] shifts = Array.ConvertAll(drawn, u => (int)(u * (2 * Pixels + 1)) - Pixels);
        bool isZero = Padding == ImagePadding.Zero;
        var moved = ImagePlaces.Take(x, -2, (image, row) => row - shifts[2 * image], isZero);
        return ImagePlaces.Take(moved, -1, (image, column) => column - shifts[2 * image + 1], isZero).MoveToOuterDisposeScope();
    }
}

/// <summary>What stands beyond the edge of an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImagePadding>))]
public enum ImagePadding
{
    /// <summary>Zeros, which are black.</summary>
    Zero,

    /// <summary>The pixels at the edge, repeated.</summary>
    Edge,
}
