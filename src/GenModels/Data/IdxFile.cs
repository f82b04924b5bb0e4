namespace GenModels.Data;

/// <summary>
/// Reads the IDX files that MNIST and its relatives come in, plain or gzipped; which of the two is told by content, not by name.
/// The format: a magic number, the dimensions as 32-bit big-endian numbers, then one byte per value.
/// A file that isn't exactly that is an <see cref="InvalidDataException"/> which names the file, what is wrong and what was expected.
/// </summary>
public static class IdxFile
{
    internal const int LabelsMagic = 2049;
    internal const int ImagesMagic = 2051;

    /// <summary>Reads images (magic number 2051; count, height, width) and, if given, their labels (2049; count).</summary>
    /// <param name="imagesPath">The file of images.</param>
    /// <param name="labelsPath">The file of labels, or null for images without labels.</param>
    /// <param name="name">What the set is called; by default the file's name without its extension.</param>
    /// <exception cref="InvalidDataException">A file isn't what it should be, or there are more images than labels or fewer.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static ImageSet ReadImages(string imagesPath, string? labelsPath = null, string? name = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(imagesPath);
        var images = Read(imagesPath, ImagesMagic);
        var labels = labelsPath is null ? [] : ReadLabels(labelsPath);
        var (count, height, width) = (images.Dimensions[0], images.Dimensions[1], images.Dimensions[2]);
        if (labelsPath is not null && labels.Length != count)
        {
            throw new InvalidDataException(
                $"The file '{labelsPath}' holds {labels.Length} labels, expected {count}, one for each image in '{imagesPath}'.");
        }
        return new ImageSet(name ?? Path.GetFileNameWithoutExtension(imagesPath), height, width, images.Values, labels);
    }

    /// <summary>Reads labels: magic number 2049, count, then one byte each.</summary>
    /// <exception cref="InvalidDataException">The file isn't what it should be.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static byte[] ReadLabels(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Read(path, LabelsMagic).Values;
    }

    private static IdxContent Read(string path, int magic)
    {
        using var file = File.OpenRead(path);
        return IdxReader.Read(file, path, magic);
    }
}
