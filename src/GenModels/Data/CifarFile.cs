namespace GenModels.Data;

/// <summary>
/// Reads the binary files of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): for each image its label, a byte, of CIFAR-100 two, the coarse one before the
/// fine one; then 3,072 bytes, 32×32 of red, of green and of blue, each row by row. There is no header.
/// A file that can't be that is an <see cref="InvalidDataException"/> which names the file, what is wrong and what was expected.
/// </summary>
public static class CifarFile
{
    internal const int Side = 32, Channels = 3;

    private const int Pixels = Channels * Side * Side;
    private const int FineClasses = 100, CoarseClasses = 20;

    private static readonly string[] Names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Reads images of ten classes into memory.</summary>
    /// <param name="paths">The files, at least one, whose images follow each other.</param>
    /// <returns>Examples of shape [3, 32, 32], with labels 0 to 9 and the names of the classes.</returns>
    /// <exception cref="ArgumentException">There are no files.</exception>
    /// <exception cref="InvalidDataException">A file isn't what it should be.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ImageSet ReadCifar10(params IReadOnlyList<string> paths)
    {
        var (pixels, labels) = Read(paths, [Names.Length], label: 0);
        return new ImageSet("cifar10", Side, Side, pixels, labels, classes: Names.Length, channels: Channels) { ClassNames = Names };
    }

    /// <summary>Reads images of a hundred classes in twenty groups into memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="coarse">Whether the labels are those of the groups, 0 to 19; otherwise those of the classes, 0 to 99.</param>
    /// <returns>Examples of shape [3, 32, 32] with labels.</returns>
    /// <exception cref="InvalidDataException">The file isn't what it should be.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static ImageSet ReadCifar100(string path, bool coarse = false)
    {
        var (pixels, labels) = Read([path], [CoarseClasses, FineClasses], coarse ? 0 : 1);
        return new ImageSet("cifar100", Side, Side, pixels, labels, classes: coarse ? CoarseClasses : FineClasses, channels: Channels);
    }

    /// <param name="paths">The files.</param>
    /// <param name="classes">For each label of an image the number of classes.</param>
    /// <param name="label">Which of the labels is wanted.</param>
    private static (byte[] Pixels, byte[] Labels) Read(IReadOnlyList<string> paths, int[] classes, int label)
    {
        if (Guard.NotNull(paths).Count == 0) throw new ArgumentException("There are no files, expected at least one.", nameof(paths));
        foreach (string path in paths) ArgumentException.ThrowIfNullOrWhiteSpace(path, nameof(paths));
        long[] counts = [.. paths.Select(path => CountOf(path, classes.Length))];
        if (counts.Sum() * Pixels > Array.MaxLength)
            throw new InvalidDataException($"The file '{paths[0]}' and those with it hold {counts.Sum()} images, expected at most {Array.MaxLength / Pixels}.");
        var (pixels, labels) = (new byte[counts.Sum() * Pixels], new byte[counts.Sum()]);
        int next = 0;
        foreach (var (path, count) in paths.Zip(counts))
        {
            using var file = File.OpenRead(path);
            var read = new Records(file, path, classes);
            for (int i = 0; i < count; i++, next++) labels[next] = read.Next(i, label, pixels.AsSpan(next * Pixels, Pixels));
        }
        return (pixels, labels);
    }

    private static long CountOf(string path, int labels)
    {
        using var file = File.OpenRead(path);
        if (!file.CanSeek) throw new InvalidDataException($"The file '{path}' is not a regular file. Expected a binary file of CIFAR on disk.");
        long length = file.Length;
        int size = labels + Pixels, other = 3 - labels + Pixels;
        if (length > 0 && length % size == 0) return length / size;
        bool isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        string hint = isGzip ? "it is gzipped: unpack it"
            : length > 0 && length % other == 0 ? $"this is a multiple of {other}, as files of CIFAR-{(labels == 1 ? "100" : "10")} are"
            : "choose the binary version of the data set";
        throw new InvalidDataException(
            $"The file '{path}' is {length} bytes long. Expected a positive multiple of {size}, for {labels} bytes of labels and {Pixels} of pixels an image; {hint}.");
    }

    /// <summary>The images of a file, one after the other.</summary>
    private sealed class Records(Stream file, string path, int[] classes)
    {
        private readonly byte[] _labels = new byte[classes.Length];

        public byte Next(int index, int label, Span<byte> pixels)
        {
            try
            {
                file.ReadExactly(_labels);
                file.ReadExactly(pixels);
            }
            catch (EndOfStreamException e)
            {
                throw new InvalidDataException($"The file '{path}' ended while it was read, within image {index}.", e);
            }
            for (int i = 0; i < classes.Length; i++)
                if (_labels[i] >= classes[i])
                    throw new InvalidDataException($"The file '{path}' has a label {_labels[i]} at image {index}, expected less than {classes[i]}: it is no binary file of CIFAR-{classes[^1]}.");
            return _labels[label];
        }
    }
}
