using System.IO.Compression;
using GenModels.Data;

namespace GenModels.Tests.Autoencoders;

/// <summary>Examples in memory, each of one dimension.</summary>
internal sealed class Rows(float[] values, int width) : IExampleSource
{
    public int Count => values.Length / width;

    public IReadOnlyList<long> ExampleShape { get; } = [width];

    public static Rows Of(torch.Tensor batch)
    {
        using var scope = torch.NewDisposeScope();
        return new(batch.to(torch.float32).contiguous().data<float>().ToArray(), (int)batch.shape[1]);
    }

    /// <summary>The 1,500 training images of the digits that the library carries: 64 values in [0, 1] each.</summary>
    public static Rows Digits()
    {
        using var resource = typeof(IExampleSource).Assembly.GetManifestResourceStream("digits.csv.gz") ?? throw new FileNotFoundException("digits.csv.gz");
        using var text = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        var lines = text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(1500);
        return new([.. lines.SelectMany(line => line.Split(',').Take(64).Select(pixel => int.Parse(pixel) / 16f))], 64);
    }

    /// <summary>Values uniform in [0, 1).</summary>
    public static torch.Tensor Uniform(int count, int width, ulong seed = 1)
    {
        using var generator = new torch.Generator(seed);
        return torch.rand(count, width, generator: generator);
    }

    /// <summary>Draws from a normal distribution whose covariance has a few large eigenvalues and a mean that is not 0.</summary>
    public static torch.Tensor Correlated(int count, int width, ulong seed = 1)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(seed);
        var map = torch.randn(width, width, generator: generator) * torch.tensor([.. Enumerable.Range(0, width).Select(i => MathF.Pow(0.7f, i))]).unsqueeze(1);
        return (torch.randn(count, width, generator: generator).matmul(map) + torch.randn(1, width, generator: generator)).MoveToOuterDisposeScope();
    }

    public torch.Tensor All() => Batch(0, Count);

    /// <summary>Examples in order from a position on, starting over at the end.</summary>
    public torch.Tensor Batch(int start, int count)
    {
        var batch = new float[count * width];
        Gather([.. Enumerable.Range(start, count).Select(i => i % Count)], batch);
        return torch.tensor(batch, [count, width]);
    }

    public void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        for (int i = 0; i < indices.Length; i++) values.AsSpan(indices[i] * width, width).CopyTo(destination.Slice(i * width, width));
    }
}
