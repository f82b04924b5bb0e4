using GenModels.Kernels;
using TorchSharp;

namespace GenModels.Reporting;

public static partial class ImageGrid
{
    /// <summary>Writes images row by row into a grid. Arguments as in <see cref="Save(string, ReadOnlySpan{float}, int, int, int, int?, int?)"/>.</summary>
    /// <param name="path">The PNG file, replaced if it exists; its folder is created if needed.</param>
    /// <param name="images">The images, n of them along the first dimension, each with <paramref name="height"/>·<paramref name="width"/> values, or three times as many in color.</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="columns">Images per row, at least 1; by default as many as make the grid about square.</param>
    /// <param name="scale">Each value becomes a square of this many pixels, at least 1; by default small images are enlarged.</param>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, torch.Tensor images, int height, int width, int? columns = null, int? scale = null)
    {
        using var scope = torch.NewDisposeScope();
        Save(path, Values(images), Count(images), height, width, columns, scale);
    }

    /// <summary>The grid that <see cref="Save(string, torch.Tensor, int, int, int?, int?)"/> writes; arguments as there.</summary>
    /// <returns>A PNG file's bytes.</returns>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    public static byte[] ToPng(torch.Tensor images, int height, int width, int? columns = null, int? scale = null)
    {
        using var scope = torch.NewDisposeScope();
        return ToPng(Values(images), Count(images), height, width, columns, scale);
    }

    /// <summary>Writes pairs of images: a row of originals with their reconstructions right below, then the next such pair of rows.</summary>
    /// <param name="path">The PNG file, replaced if it exists; its folder is created if needed.</param>
    /// <param name="originals">The images, n of them along the first dimension.</param>
    /// <param name="reconstructions">As many.</param>
    /// <param name="height">Rows of an image, at least 1.</param>
    /// <param name="width">Columns of an image, at least 1.</param>
    /// <param name="columns">Images per row, at least 1; by default as many as make the grid about square.</param>
    /// <param name="scale">Each value becomes a square of this many pixels, at least 1; by default small images are enlarged.</param>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void SavePairs(
        string path, torch.Tensor originals, torch.Tensor reconstructions, int height, int width, int? columns = null, int? scale = null)
    {
        using var scope = torch.NewDisposeScope();
        SavePairs(path, Values(originals), Values(reconstructions), Count(originals), height, width, columns, scale);
    }

    /// <summary>The pairs that <see cref="SavePairs(string, torch.Tensor, torch.Tensor, int, int, int?, int?)"/> writes; arguments as there.</summary>
    /// <returns>A PNG file's bytes.</returns>
    /// <exception cref="ArgumentException">A number is below 1, the images have another size, or the picture gets too large.</exception>
    public static byte[] PairsToPng(
        torch.Tensor originals, torch.Tensor reconstructions, int height, int width, int? columns = null, int? scale = null)
    {
        using var scope = torch.NewDisposeScope();
        return PairsToPng(Values(originals), Values(reconstructions), Count(originals), height, width, columns, scale);
    }

    private static Span<float> Values(torch.Tensor images) => TensorMemory.Floats(Guard.NotNull(images).detach().cpu().to(torch.float32).contiguous());

    private static int Count(torch.Tensor images) =>
        images.ndim > 0 ? (int)images.shape[0] : throw new ArgumentException("The tensor has no dimensions, expected images along the first.", nameof(images));
}
