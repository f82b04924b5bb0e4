using GenModels.Data;

namespace GenModels.Tests;

/// <summary>Small sources of examples.</summary>
internal static class Examples
{
    /// <summary>A batch of values uniform in [0, 1].</summary>
    public static torch.Tensor Batch(int count, long[] shape, ulong seed = 1)
    {
        using var generator = new torch.Generator(seed);
        return torch.rand([count, .. shape], generator: generator);
    }

    /// <summary>Values uniform in [0, 1] that four hidden factors decide, so that there is something to learn.</summary>
    public static ArraySource Source(int count, long[] shape, ulong seed = 1)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(seed);
        var factors = torch.randn(count, 4, generator: generator);
        var map = torch.randn(4, shape.Aggregate(1L, (product, size) => product * size), generator: generator);
        return new ArraySource(factors.matmul(map).sigmoid().data<float>().ToArray(), shape);
    }
}
