using GenModels.Data;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>Draws many examples in bounded memory: a chunk at a time, into the tensor that is returned.</summary>
internal static class SampleChunks
{
    private const int Most = 4_096;

    /// <param name="count">How many, at least 1.</param>
    /// <param name="values">How many values each takes while it is drawn.</param>
    /// <param name="generator">The source of the draws. Each chunk draws its rows of what one call would draw.</param>
    /// <param name="draw">Is told where a chunk starts and how many it has; draws these, shape [n, …], into the dispose scope.</param>
    /// <returns>Shape [count, …], in the dispose scope.</returns>
    public static Tensor Draw(int count, long values, RandomGenerator generator, Func<int, int, Tensor> draw)
    {
        int most = BatchMemory.Examples(values, Most);
        if (count <= most) return draw(0, count);
        var (step, before) = (generator.Step, generator.FirstRow);
        Tensor? all = null;
        try
        {
            foreach (var (start, size) in Of(count, most))
            {
                using var scope = NewDisposeScope();
                (generator.Step, generator.FirstRow) = (step, before + start);
                var chunk = draw(start, size);
                all ??= empty([count, .. chunk.shape.Skip(1)], dtype: chunk.dtype, device: chunk.device).MoveToOuterDisposeScope();
                using var target = all.narrow(0, start, chunk.shape[0]);
                target.copy_(chunk);
            }
        }
        finally
        {
            generator.FirstRow = before;
        }
        return all ?? throw new InvalidOperationException("Nothing was drawn.");
    }

    /// <summary>Divides a count into chunks, the last of which may be smaller: where each starts and how large it is.</summary>
    public static IEnumerable<(int Start, int Size)> Of(int count, int size)
    {
        for (long start = 0; start < count; start += size) yield return ((int)start, (int)Math.Min(size, count - start));
    }
}
