namespace GenModels.Data;

/// <summary>
/// Images of one size, grey or in color, kept in memory as the bytes they came as and scaled to [0, 1] while a batch is gathered:
/// a pixel b reads as b / <see cref="MaxValue"/>.
/// </summary>
public sealed partial class ImageSet : ILabeledSource
{
    private readonly byte[] _pixels;
    private readonly byte[] _labels;
    private readonly int[] _places;
    private readonly ExampleLayout _layout;

    /// <summary>Makes a set of images over <paramref name="pixels"/>, which is kept and not copied.</summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="pixels">The images, one after the other, each row by row; in color first all of its red, then green, then blue.</param>
    /// <param name="labels">One label per image, or none at all.</param>
    /// <param name="maxValue">The byte that stands for 1, at least 1; no pixel may be above it.</param>
    /// <param name="classes">The number of classes, above every label and at most 256; where none is given, the largest label + 1.</param>
    /// <param name="channels">1 for grey images, 3 for red, green and blue.</param>
    /// <exception cref="ArgumentException">The sizes, the number of labels, a label or a pixel don't agree with the above.</exception>
    public ImageSet(string name, int height, int width, byte[] pixels, byte[] labels, byte maxValue = 255, int? classes = null, int channels = 1)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfZero(maxValue);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), $"The number of channels is {Guard.Text(channels)}, expected 1 (grey) or 3 (red, green and blue).");
        var size = (long)channels * height * width;
        if (pixels.Length == 0 || pixels.Length % size != 0)
        {
            throw new ArgumentException(
                $"There are {pixels.Length} pixels, expected a positive multiple of {size}, for images of {SizeText(height, width, channels)}.", nameof(pixels));
        }
        var count = (int)(pixels.Length / size);
        if (labels.Length != 0 && labels.Length != count)
            throw new ArgumentException($"There are {labels.Length} labels for {count} images, expected {count}, or none.", nameof(labels));
        var tooLarge = pixels.AsSpan().IndexOfAnyExceptInRange((byte)0, maxValue);
        if (tooLarge >= 0)
        {
            throw new ArgumentException(
                $"Pixel {tooLarge % size} of image {tooLarge / size} is {pixels[tooLarge]}, expected a value in [0, {maxValue}].", nameof(pixels));
        }
        (Name, Channels, Height, Width, MaxValue, Classes) = (name, channels, height, width, maxValue, ClassesOf(labels, classes));
        (_pixels, _labels, _places) = (pixels, labels, [.. Enumerable.Range(0, count)]);
        _layout = new ExampleLayout(channels == 1 ? [size] : [channels, height, width], nameof(pixels));
    }

    private ImageSet(ImageSet whole, int[] places, byte[] labels, int classes, ExampleLayout layout)
    {
        (Name, Channels, Height, Width, MaxValue, Classes) = (whole.Name, whole.Channels, whole.Height, whole.Width, whole.MaxValue, classes);
        ClassNames = whole.ClassNames;
        (_pixels, _labels, _places, _layout) = (whole._pixels, labels, places, layout);
    }

    /// <summary>What the set is called, such as "mnist".</summary>
    public string Name { get; }

    /// <summary>1 for grey images, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The byte that reads as 1: 255 for most sets, 16 for the digits.</summary>
    public byte MaxValue { get; }

    /// <inheritdoc/>
    public int Count => _places.Length;

    /// <summary>One label per image, or an empty list if the set has none.</summary>
    public IReadOnlyList<byte> Labels => _labels;

    /// <summary>The number of classes, in a selection that of the whole set; 0 where the images have no labels.</summary>
    public int Classes { get; }

    /// <summary>What the classes are called, as the folders of images were; none where that is not known.</summary>
    /// <exception cref="ArgumentException">There are names, but not one for each class.</exception>
    public IReadOnlyList<string> ClassNames
    {
        get;
        init => field = Guard.NotNull(value).Count == 0 || value.Count == Classes
            ? [.. value]
            : throw new ArgumentException($"There are {value.Count} names, expected {Classes}, one for each class.", nameof(value));
    } = [];

    /// <summary>
    /// The shape of one example: [<see cref="Height"/> × <see cref="Width"/>] in grey, [3, <see cref="Height"/>, <see cref="Width"/>] in color,
    /// unless <see cref="Reshape"/> changed it.
    /// </summary>
    public IReadOnlyList<long> ExampleShape => _layout.Shape;

    /// <summary>The bytes of one image as they came: row by row, in color first all of its red, then green, then blue.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside [0, <see cref="Count"/>).</exception>
    public ReadOnlySpan<byte> Pixels(int index) => PixelsAt(_places[ExampleLayout.CheckIndex(Count, index)]);

    /// <inheritdoc/>
    public int Label(int index) => _labels.Length > 0
        ? _labels[ExampleLayout.CheckIndex(Count, index)]
        : throw new InvalidOperationException("The images have no labels.");

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        _layout.CheckGather(Count, indices, destination);
        var length = _layout.Length;
        for (var i = 0; i < indices.Length; i++)
            PixelScaling.Scale(PixelsAt(_places[indices[i]]), MaxValue, destination.Slice(i * length, length));
    }

    /// <summary>The same images, sharing memory, as examples of another shape such as [1, 28, 28].</summary>
    /// <exception cref="ArgumentException">The product of the dimensions isn't <see cref="Channels"/> × <see cref="Height"/> × <see cref="Width"/>.</exception>
    public ImageSet Reshape(params long[] exampleShape)
    {
        var layout = new ExampleLayout(exampleShape, nameof(exampleShape));
        if (layout.Length != _layout.Length)
        {
            throw new ArgumentException(
                $"The shape {ExampleLayout.Describe(exampleShape)} holds {layout.Length} values, expected {_layout.Length}, for images of {SizeText(Height, Width, Channels)}.",
                nameof(exampleShape));
        }
        return new ImageSet(this, _places, _labels, Classes, layout);
    }

    /// <summary>The same images among more classes than their labels show.</summary>
    internal ImageSet WithClasses(int classes) => new(this, _places, _labels, ClassesOf(_labels, classes), _layout);

    private static string SizeText(int height, int width, int channels) => channels == 1 ? $"{height}×{width}" : $"{height}×{width} in {channels} channels";

    private static int ClassesOf(byte[] labels, int? classes)
    {
        if (labels.Length == 0) return 0;
        int highest = labels.Max();
        if (classes <= highest || classes > byte.MaxValue + 1)
            throw new ArgumentException($"There are {Guard.Text(classes)} classes and a label {highest}, expected {highest + 1} to {byte.MaxValue + 1} classes.", nameof(classes));
        return classes ?? highest + 1;
    }

    private ReadOnlySpan<byte> PixelsAt(int place) => _pixels.AsSpan(place * _layout.Length, _layout.Length);
}
