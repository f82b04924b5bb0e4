using GenModels.Data;

namespace GenModels.Tests;

/// <summary>Small sources of examples.</summary>
internal static class Examples
{
    /// <summary>A batch of values uniform in [0, 1].</summary>
    public static torch.Tensor Batch(int count, long[] shape, ulong seed = 1)
    {
        var generator = new RandomGenerator(seed);
        return generator.Uniform([count, .. shape]);
    }

    /// <summary>Values uniform in [0, 1] that four hidden factors decide, so that there is something to learn.</summary>
    public static ArraySource Source(int count, long[] shape, ulong seed = 1)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(seed);
        var factors = generator.Normal([count, 4]);
        var map = generator.Normal([4, shape.Aggregate(1L, (product, size) => product * size)]);
        return new ArraySource(factors.matmul(map).sigmoid().data<float>().ToArray(), shape);
    }

    /// <summary>Draws from a normal distribution whose covariance has a few large eigenvalues and a mean that is not 0.</summary>
    public static torch.Tensor Correlated(int count, int width, ulong seed = 1)
    {
        using var scope = torch.NewDisposeScope();
        var generator = new RandomGenerator(seed);
        var map = generator.Normal([width, width]) * torch.tensor([.. Enumerable.Range(0, width).Select(i => MathF.Pow(0.7f, i))]).unsqueeze(1);
        return (generator.Normal([count, width]).matmul(map) + generator.Normal([1, width])).MoveToOuterDisposeScope();
    }

    /// <summary>A batch as a source.</summary>
    public static ArraySource Of(torch.Tensor batch) => new(batch.Values(), batch.shape[1..]);

    /// <summary>Examples in order from a position on, starting over at the end.</summary>
    public static torch.Tensor InOrder(IExampleSource source, int start, int count)
    {
        var batch = new float[count * source.ExampleShape.Aggregate(1L, (product, size) => product * size)];
        source.Gather([.. Enumerable.Range(start, count).Select(i => i % source.Count)], batch);
        return torch.tensor(batch, [count, .. source.ExampleShape]);
    }
}
