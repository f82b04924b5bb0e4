using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>Moves the channels of images between the front, where libtorch and files have them, and the back, where convolutions do.</summary>
internal static unsafe class ChannelOrder
{
    // Both sides of a block of this width lie in the first-level cache.
    private const long Block = 16;

    /// <summary>target[i, b, a] ← source[i, a, b]: with a channels and b pixels channels come to stand last, the other way around first.</summary>
    /// <param name="source">Images of a rows of b values.</param>
    /// <param name="target">Receives images of b rows of a values.</param>
    /// <param name="size">The three dimensions.</param>
    public static void Swap(Images source, Images target, (long N, long A, long B) size)
    {
        int threads = (int)Math.Min(Passes.Threads(size.N * size.A * size.B), size.N);
        ThreadTeam.Run(new Work(source, target, size), threads);
    }

    /// <summary>Gives every pixel of an image the same values in some channels.</summary>
    /// <param name="values">Those of the first image.</param>
    /// <param name="step">The distance to those of the next.</param>
    /// <param name="target">The first of these channels in the first pixel.</param>
    /// <param name="size">The number of images, their pixels, and their channels.</param>
    /// <param name="count">How many channels there are of them.</param>
    public static void Spread(float* values, long step, float* target, (long N, long Pixels, long Channels) size, long count)
    {
        for (long i = 0; i < size.N; i++, values += step)
            for (long pixel = 0; pixel < size.Pixels; pixel++, target += size.Channels)
                for (long c = 0; c < count; c++) target[c] = values[c];
    }

    /// <summary>The sums of some channels over the pixels of each image: the gradient of what <see cref="Spread"/> does.</summary>
    public static void Sum(float* source, (long N, long Pixels, long Channels) size, float* values, long step, long count)
    {
        for (long i = 0; i < size.N; i++, values += step)
        {
            new Span<float>(values, (int)count).Clear();
            for (long pixel = 0; pixel < size.Pixels; pixel++, source += size.Channels)
                for (long c = 0; c < count; c++) values[c] += source[c];
        }
    }

    /// <summary>Matrices one after another.</summary>
    /// <param name="Values">The first element.</param>
    /// <param name="Step">The distance from one matrix to the next.</param>
    /// <param name="RowStep">The distance from one row to the next.</param>
    public readonly record struct Images(nint Values, long Step, long RowStep)
    {
        /// <summary>Matrices without gaps.</summary>
        public static Images Of(float* values, long rows, long columns) => new((nint)values, rows * columns, columns);

        public float* At(long image, long row) => (float*)Values + image * Step + row * RowStep;
    }

    private readonly struct Work(Images source, Images target, (long N, long A, long B) size) : IParallelWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Part(int part, int parts)
        {
            for (long i = size.N * part / parts; i < size.N * (part + 1) / parts; i++)
                for (long a = 0; a < size.A; a += Block)
                    for (long b = 0; b < size.B; b += Block)
                        One(i, (a, Math.Min(size.A, a + Block)), (b, Math.Min(size.B, b + Block)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One(long i, (long Start, long End) a, (long Start, long End) b)
        {
            for (long row = b.Start; row < b.End; row++)
            {
                float* from = source.At(i, a.Start) + row, to = target.At(i, row);
                for (long column = a.Start; column < a.End; column++, from += source.RowStep) to[column] = *from;
            }
        }
    }
}
