namespace GenModels.Data;

/// <summary>
/// Grey images of one size, kept in memory as the bytes they came as and scaled to [0, 1] while a batch is gathered:
/// a pixel b reads as b / <see cref="MaxValue"/>.
/// </summary>
public sealed class ImageSet : IExampleSource
{
    private readonly ArraySegment<byte> _pixels;
    private readonly ArraySegment<byte> _labels;
    private readonly ExampleLayout _layout;

    /// <summary>Makes a set of images over <paramref name="pixels"/>, which is kept and not copied.</summary>
    /// <param name="name">What the set is called in messages and reports.</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="pixels">The images, one after the other, each row by row.</param>
    /// <param name="labels">One label per image, or none at all.</param>
    /// <param name="maxValue">The byte that stands for 1, at least 1; no pixel may be above it.</param>
    /// <exception cref="ArgumentException">The sizes, the number of labels or a pixel don't agree with the above.</exception>
    public ImageSet(string name, int height, int width, byte[] pixels, byte[] labels, byte maxValue = 255)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfZero(maxValue);
        var size = (long)height * width;
        if (pixels.Length == 0 || pixels.Length % size != 0)
        {
            throw new ArgumentException(
                $"There are {pixels.Length} pixels, expected a positive multiple of {size}, for images of {height}×{width}.", nameof(pixels));
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
        (Name, Height, Width, MaxValue, Count) = (name, height, width, maxValue, count);
        (_pixels, _labels, _layout) = (pixels, labels, new ExampleLayout([size], nameof(pixels)));
    }

    private ImageSet(ImageSet whole, ArraySegment<byte> pixels, ArraySegment<byte> labels, ExampleLayout layout)
    {
        (Name, Height, Width, MaxValue) = (whole.Name, whole.Height, whole.Width, whole.MaxValue);
        (_pixels, _labels, _layout) = (pixels, labels, layout);
        Count = pixels.Count / layout.Length;
    }

    /// <summary>What the set is called, such as "mnist".</summary>
    public string Name { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The byte that reads as 1: 255 for most sets, 16 for the digits.</summary>
    public byte MaxValue { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>One label per image, or an empty list if the set has none.</summary>
    public IReadOnlyList<byte> Labels => _labels;

    /// <summary>The shape of one example: [<see cref="Height"/> × <see cref="Width"/>] unless <see cref="Reshape"/> changed it.</summary>
    public IReadOnlyList<long> ExampleShape => _layout.Shape;

    /// <summary>The bytes of one image, row by row, as they came.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside [0, <see cref="Count"/>).</exception>
    public ReadOnlySpan<byte> Pixels(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _pixels.AsSpan(index * _layout.Length, _layout.Length);
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        _layout.CheckGather(Count, indices, destination);
        var length = _layout.Length;
        for (var i = 0; i < indices.Length; i++)
            PixelScaling.Scale(_pixels.AsSpan(indices[i] * length, length), MaxValue, destination.Slice(i * length, length));
    }

    /// <summary>The same images, sharing memory, as examples of another shape such as [1, 28, 28].</summary>
    /// <exception cref="ArgumentException">The product of the dimensions isn't <see cref="Height"/> × <see cref="Width"/>.</exception>
    public ImageSet Reshape(params long[] exampleShape)
    {
        var layout = new ExampleLayout(exampleShape, nameof(exampleShape));
        if (layout.Length != _layout.Length)
        {
            throw new ArgumentException(
                $"The shape {ExampleLayout.Describe(exampleShape)} holds {layout.Length} values, expected {_layout.Length}, for images of {Height}×{Width}.",
                nameof(exampleShape));
        }
        return new ImageSet(this, _pixels, _labels, layout);
    }

    /// <summary>The first <paramref name="count"/> images, sharing memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside [1, <see cref="Count"/>].</exception>
    public ImageSet Take(int count) => Slice(0, count);

    /// <summary>The <paramref name="count"/> images from index <paramref name="start"/> on, sharing memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="start"/> is outside [0, <see cref="Count"/>), or <paramref name="count"/> outside [1, <see cref="Count"/> − start].
    /// </exception>
    public ImageSet Slice(int start, int count)
    {
        if (start < 0 || start >= Count)
            throw new ArgumentOutOfRangeException(nameof(start), $"The start is {Guard.Text(start)}, expected a value in [0, {Count}).");
        if (count < 1 || count > Count - start)
            throw new ArgumentOutOfRangeException(nameof(count), $"The count is {Guard.Text(count)}, expected a value in [1, {Count - start}].");
        var labels = _labels.Count == 0 ? _labels : _labels.Slice(start, count);
        return new ImageSet(this, _pixels.Slice(start * _layout.Length, count * _layout.Length), labels, _layout);
    }
}
