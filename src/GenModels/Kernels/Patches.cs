using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

/// <summary>The patches of one image with its channels last, and their sum back into an image.</summary>
/// <remarks>Both go over a padded copy of the image, so that nothing is cut off at its edges.</remarks>
internal static unsafe class Patches
{
    /// <summary>The length of the memory that a padded image takes.</summary>
    public static long PaddedSize(PatchShape shape) => shape.PaddedHeight * shape.PaddedWidth * shape.Channels;

    /// <summary>Writes some columns of an image's patches, a patch a row.</summary>
    /// <param name="shape">How the window moves.</param>
    /// <param name="image">The image.</param>
    /// <param name="padded">Memory for the padded image, whose border is zero.</param>
    /// <param name="column">The first of the patches' values.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="target">Receives the rows, each of <paramref name="end"/> − <paramref name="column"/> values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(PatchShape shape, float* image, float* padded, long column, long end, float* target)
    {
        Pad(shape, image, padded);
        long run = shape.KernelWidth * shape.Channels, step = shape.Stride * shape.Channels, line = shape.PaddedWidth * shape.Channels;
        var (rows, columns, stride) = (shape.Rows, shape.Columns, shape.Stride);
        var (kernelRow, offset) = Math.DivRem(column, run);
        for (long row = 0; row < rows; row++)
            for (long at = 0; at < columns; at++)
            {
                float* source = padded + (row * stride + kernelRow) * line + at * step + offset;
                long count = Math.Min(end - column, run - offset);
                Copy(source, target, count);
                target += count;
                source += line - offset;
                for (long left = end - column - count; left > 0; left -= count, source += line, target += count)
                {
                    count = Math.Min(left, run);
                    Copy(source, target, count);
                }
            }
    }

    /// <summary>Makes an image of patches: each of its values is the sum of those that lie over it.</summary>
    /// <param name="shape">How the window moves.</param>
    /// <param name="patches">The patches, one a row.</param>
    /// <param name="padded">Memory for the padded image.</param>
    /// <param name="image">Receives the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(PatchShape shape, float* patches, float* padded, float* image)
    {
        new Span<float>(padded, (int)PaddedSize(shape)).Clear();
        long run = shape.KernelWidth * shape.Channels, step = shape.Stride * shape.Channels, line = shape.PaddedWidth * shape.Channels;
        var (rows, columns, stride, kernelRows) = (shape.Rows, shape.Columns, shape.Stride, shape.KernelHeight);
        for (long row = 0; row < rows; row++)
            for (long at = 0; at < columns; at++)
            {
                float* target = padded + row * stride * line + at * step;
                for (long kernelRow = 0; kernelRow < kernelRows; kernelRow++, patches += run) Add(patches, target + kernelRow * line, run);
            }
        long width = shape.Width * shape.Channels;
        float* inside = padded + shape.Padding * (line + shape.Channels);
        for (long y = 0; y < shape.Height; y++) Copy(inside + y * line, image + y * width, width);
    }

    private static void Pad(PatchShape shape, float* image, float* padded)
    {
        long line = shape.PaddedWidth * shape.Channels, width = shape.Width * shape.Channels;
        float* inside = padded + shape.Padding * (line + shape.Channels);
        for (long y = 0; y < shape.Height; y++) Copy(image + y * width, inside + y * line, width);
    }

    // Most runs are short, and a call for each would take longer than the run.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, long count)
    {
        long i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count) Vector.Load(source + i).Store(target + i);
        if (i + 4 <= count)
        {
            Vector128.Load(source + i).Store(target + i);
            i += 4;
        }
        for (; i < count; i++) target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* source, float* target, long count)
    {
        long i = 0;
        for (; i + Vector<float>.Count <= count; i += Vector<float>.Count) (Vector.Load(target + i) + Vector.Load(source + i)).Store(target + i);
        if (i + 4 <= count)
        {
            (Vector128.Load(target + i) + Vector128.Load(source + i)).Store(target + i);
            i += 4;
        }
        for (; i < count; i++) target[i] += source[i];
    }
}
