using System.Runtime.CompilerServices;
using TorchSharp;

namespace GenModels.Kernels;

/// <summary>
/// The three products that convolutions are made of. Images lie in memory with their channels last, so that a convolution is a matrix product of
/// their patches with the weight: patches are written a few images at a time, and are multiplied while they are in the cache.
/// </summary>
/// <remarks>A result's bits depend neither on the number of threads nor on the width of the vectors.</remarks>
internal static unsafe class PatchProducts
{
    // The values of the patches that are made at a time stay in the second- or third-level cache.
    private const long PatchBlock = 262_144;

    // Multiplications that a thread does in a few times what it takes to hand them over.
    private const long WorthAThread = 200_000;

    [ThreadStatic]
    private static float[]? _patches, _padded;

    /// <summary>rows ← patches(images)·weight: a convolution, or what the gradient of a transposed one is made of.</summary>
    /// <param name="shape">How the window moves.</param>
    /// <param name="images">The images.</param>
    /// <param name="n">How many there are.</param>
    /// <param name="weight">Shape [patch size, columns].</param>
    /// <param name="columns">The number of values that a patch makes.</param>
    /// <param name="rows">Receives the products, shape [n · positions, columns].</param>
    /// <param name="after">Works on some rows of the result, all columns.</param>
    public static void OfPatches<TAfter>(PatchShape shape, float* images, long n, Matrix weight, long columns, float* rows, TAfter after)
        where TAfter : struct, ITilePass =>
        RunImages(new PatchesToRows<TAfter>(shape, images, n, weight, columns, rows, after), n, n * shape.Positions * shape.PatchSize * columns);

    /// <summary>images ← the sum of the patches rows·weight: a transposed convolution, or the gradient of a convolution's input.</summary>
    /// <param name="shape">How the window moves.</param>
    /// <param name="rows">Shape [n · positions, columns].</param>
    /// <param name="columns">The number of values that a patch is made of.</param>
    /// <param name="n">The number of images.</param>
    /// <param name="weight">Shape [columns, patch size].</param>
    /// <param name="images">Receives the images.</param>
    /// <param name="after">Works on some rows of the result, all channels.</param>
    public static void ToImages<TAfter>(PatchShape shape, float* rows, long columns, long n, Matrix weight, float* images, TAfter after)
        where TAfter : struct, ITilePass =>
        RunImages(new RowsToImages<TAfter>(shape, rows, columns, n, weight, images, after), n, n * shape.Positions * shape.PatchSize * columns);

    /// <summary>gradient ← rowsᵀ·patches(images): the gradient of the weight of a convolution either way.</summary>
    /// <param name="shape">How the window moves.</param>
    /// <param name="rows">Shape [n · positions, columns].</param>
    /// <param name="columns">Their number of columns.</param>
    /// <param name="images">The images.</param>
    /// <param name="n">How many there are.</param>
    /// <param name="gradient">Receives the product, shape [columns, patch size].</param>
    public static void WeightGradient(PatchShape shape, float* rows, long columns, float* images, long n, float* gradient)
    {
        long worth = n * shape.Positions * shape.PatchSize * columns / WorthAThread;
        int threads = (int)Math.Clamp(Math.Min(worth, Tiles.Lines(shape.PatchSize)), 1, torch.get_num_threads());
        ThreadTeam.Run(new Gradient(shape, rows, columns, images, n, gradient), threads);
    }

    private static void RunImages<TWork>(TWork work, long n, long multiplications) where TWork : struct, IParallelWork =>
        ThreadTeam.Run(work, (int)Math.Clamp(Math.Min(multiplications / WorthAThread, n), 1, torch.get_num_threads()));

    /// <summary>How many images have their patches made at a time: this alone decides how sums over images are cut.</summary>
    private static long ImagesAtATime(PatchShape shape) => Math.Max(1, PatchBlock / (shape.Positions * shape.PatchSize));

    private static float[] Scratch(ref float[]? scratch, long length)
    {
        if (scratch is not { } memory || memory.Length < length) scratch = memory = GC.AllocateUninitializedArray<float>(checked((int)length));
        return memory;
    }

    private readonly struct PatchesToRows<TAfter>(PatchShape shape, float* images, long n, Matrix weight, long columns, float* rows, TAfter after) : IParallelWork
        where TAfter : struct, ITilePass
    {
        public void Part(int part, int parts)
        {
            long block = ImagesAtATime(shape), positions = shape.Positions, size = shape.PatchSize;
            fixed (float* patches = Scratch(ref _patches, block * positions * size), padded = Scratch(ref _padded, Patches.PaddedSize(shape)))
            {
                new Span<float>(padded, (int)Patches.PaddedSize(shape)).Clear();
                long end = n * (part + 1) / parts;
                for (long image = n * part / parts; image < end; image += block)
                {
                    long count = Math.Min(block, end - image);
                    float* source = Make(shape, images + image * shape.ImageSize, count, padded, patches, 0, size);
                    MatrixProduct.RunHere(
                        new(source, size, 1), weight, rows + image * positions * columns, (count * positions, size, columns), add: false, 0, columns);
                    Tiles.Here(after, image * positions, (image + count) * positions, 0, columns);
                }
            }
        }
    }

    private readonly struct RowsToImages<TAfter>(PatchShape shape, float* rows, long columns, long n, Matrix weight, float* images, TAfter after) : IParallelWork
        where TAfter : struct, ITilePass
    {
        public void Part(int part, int parts)
        {
            long block = ImagesAtATime(shape), positions = shape.Positions, size = shape.PatchSize, pixels = shape.Height * shape.Width;
            fixed (float* patches = Scratch(ref _patches, block * positions * size), padded = Scratch(ref _padded, Patches.PaddedSize(shape)))
            {
                long end = n * (part + 1) / parts;
                for (long image = n * part / parts; image < end; image += block)
                {
                    long count = Math.Min(block, end - image);
                    float* target = images + image * shape.ImageSize, made = shape.PatchesAreImage ? target : patches;
                    MatrixProduct.RunHere(
                        new(rows + image * positions * columns, columns, 1), weight, made, (count * positions, columns, size), add: false, 0, size);
                    for (long i = 0; i < count && !shape.PatchesAreImage; i++)
                        Patches.Scatter(shape, patches + i * positions * size, padded, target + i * shape.ImageSize);
                    Tiles.Here(after, image * pixels, (image + count) * pixels, 0, shape.Channels);
                }
            }
        }
    }

    private readonly struct Gradient(PatchShape shape, float* rows, long columns, float* images, long n, float* gradient) : IParallelWork
    {
        public void Part(int part, int parts)
        {
            long block = ImagesAtATime(shape), positions = shape.Positions, size = shape.PatchSize;
            var (column, endColumn) = Tiles.Columns(size, part, parts);
            fixed (float* patches = Scratch(ref _patches, block * positions * size), padded = Scratch(ref _padded, Patches.PaddedSize(shape)))
            {
                new Span<float>(padded, (int)Patches.PaddedSize(shape)).Clear();
                for (long image = 0; image < n; image += block)
                {
                    long count = Math.Min(block, n - image);
                    float* source = Make(shape, images + image * shape.ImageSize, count, padded, patches, column, endColumn);
                    // Patches that are the image have all their columns where they lie, those that were made only some.
                    var made = shape.PatchesAreImage ? new Matrix(source, size, 1) : new Matrix(source - column, endColumn - column, 1);
                    MatrixProduct.RunHere(
                        new(rows + image * positions * columns, 1, columns), made, gradient, (columns, count * positions, size), add: image > 0, column, endColumn);
                }
            }
        }
    }

    /// <summary>Some columns of the patches of some images.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Make(PatchShape shape, float* images, long count, float* padded, float* patches, long column, long end)
    {
        if (shape.PatchesAreImage) return images;
        for (long i = 0; i < count; i++)
            Patches.Gather(shape, images + i * shape.ImageSize, padded, column, end, patches + i * shape.Positions * (end - column));
        return patches;
    }
}
