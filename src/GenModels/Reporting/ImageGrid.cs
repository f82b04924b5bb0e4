
namespace GenModels.Reporting;

/// <summary>
/// Shows many small images in one PNG picture, grey or in color. Values are clamped to [0, 1]; in grey images 0 is black and 1 is white, in those
/// of color all red comes first, then green, then blue. NaN is shown in red, which turns a picture in grey into one in color.
/// </summary>
public static partial class ImageGrid
{
    private const int Gap = 2;
    private const int PairGap = 8;

    /// <summary>The side in pixels from which on an image is large enough to be looked at.</summary>
    private const int ComfortableSide = 48;

    /// <summary>Writes images row by row into a grid.</summary>
    /// <param name="path">The PNG file, replaced if it exists; its folder is created if needed.</param>
    /// <param name="images">
    /// <paramref name="count"/> images, one after the other, each row by row: a value for each pixel (grey), or three times as many (color).
    /// </param>
    /// <param name="count">The number of images, at least 1.</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="columns">Images per row, at least 1; by default as many as make the grid about square.</param>
    /// <param name="scale">Each value becomes a square of this many pixels, at least 1; by default small images are enlarged.</param>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, ReadOnlySpan<float> images, int count, int height, int width, int? columns = null, int? scale = null) =>
        Write(path, ToPng(images, count, height, width, columns, scale));

    /// <summary>The grid that <see cref="Save(string, ReadOnlySpan{float}, int, int, int, int?, int?)"/> writes; arguments as there.</summary>
    /// <returns>A PNG file's bytes.</returns>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    public static byte[] ToPng(ReadOnlySpan<float> images, int count, int height, int width, int? columns = null, int? scale = null)
    {
        var canvas = new GridCanvas(count, height, width, columns, scale ?? FittingScale(height, width), imagesPerCell: 1, Gap, Gap);
        CheckLength(images, count, height, width, nameof(images));
        canvas.Draw(images, position: 0);
        return canvas.ToPng();
    }

    /// <summary>
    /// Writes pairs of images: a row of originals with their reconstructions right below, then the next such pair of rows.
    /// Arguments as in <see cref="Save(string, ReadOnlySpan{float}, int, int, int, int?, int?)"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void SavePairs(
        string path,
        ReadOnlySpan<float> originals,
        ReadOnlySpan<float> reconstructions,
        int count,
        int height,
        int width,
        int? columns = null,
        int? scale = null) => Write(path, PairsToPng(originals, reconstructions, count, height, width, columns, scale));

    /// <summary>The pairs that <see cref="SavePairs(string, ReadOnlySpan{float}, ReadOnlySpan{float}, int, int, int, int?, int?)"/> writes; arguments as there.</summary>
    /// <returns>A PNG file's bytes.</returns>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    public static byte[] PairsToPng(
        ReadOnlySpan<float> originals, ReadOnlySpan<float> reconstructions, int count, int height, int width, int? columns = null, int? scale = null)
    {
        var canvas = new GridCanvas(count, height, width, columns, scale ?? FittingScale(height, width), imagesPerCell: 2, Gap, PairGap);
        CheckLength(originals, count, height, width, nameof(originals));
        CheckLength(reconstructions, count, height, width, nameof(reconstructions));
        canvas.Draw(originals, position: 0);
        canvas.Draw(reconstructions, position: 1);
        return canvas.ToPng();
    }

    private static void Write(string path, byte[] png) => AtomicFile.Write(path, stream => stream.Write(png));

    private static int FittingScale(int height, int width) => Math.Max(1, (ComfortableSide + Math.Max(height, width) - 1) / Math.Max(1, Math.Max(height, width)));

    private static void CheckLength(ReadOnlySpan<float> images, int count, int height, int width, string name)
    {
        var expected = (long)count * height * width;
        if (images.Length != expected && images.Length != 3 * expected)
            throw new ArgumentException(
                $"There are {images.Length} values, expected {expected}, or {3 * expected} in color, for {count} images of {height}×{width}.", name);
    }
}
