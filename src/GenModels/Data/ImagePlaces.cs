using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>Makes images of the rows or columns of others.</summary>
internal static class ImagePlaces
{
    /// <summary>Images whose rows or columns come from elsewhere in the same image.</summary>
    /// <param name="x">Images, [n, …, height, width].</param>
    /// <param name="dimension">−2 for rows, −1 for columns.</param>
    /// <param name="source">Where a line of an image comes from; beyond the edge, the line at the edge is taken.</param>
    /// <param name="isZeroBeyond">Whether what comes from beyond the edge is 0 instead.</param>
    public static Tensor Take(Tensor x, int dimension, Func<int, int, long> source, bool isZeroBeyond = false)
    {
        long[] shape = x.shape;
        var (n, lines) = ((int)shape[0], (int)shape[shape.Length + dimension]);
        long[] places = [.. from image in Enumerable.Range(0, n) from line in Enumerable.Range(0, lines) select source(image, line)];
        long[] lineShape = [n, .. Enumerable.Repeat(1L, shape.Length - 1)];
        lineShape[shape.Length + dimension] = lines;
        Tensor OfLines(long[] values) => tensor(values, lineShape).to(x.device);

        var taken = x.gather(dimension, OfLines(Array.ConvertAll(places, place => Math.Clamp(place, 0, lines - 1))).expand(shape));
        return isZeroBeyond ? taken.masked_fill(OfLines(Array.ConvertAll(places, place => place < 0 || place >= lines ? 1L : 0)).gt(0), 0) : taken;
    }
}
