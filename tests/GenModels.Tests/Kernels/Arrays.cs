namespace GenModels.Tests.Kernels;

internal static class Arrays
{
    /// <summary>Lengths around the widths of vectors, blocks and threads.</summary>
    public static TheoryData<int> Lengths => [1, 7, 8, 15, 16, 17, 33, 2047, 2048, 2049, 70_001];

    public static torch.Tensor Normal(int count, ulong seed, double scale = 1)
    {
        var generator = new RandomGenerator(seed);
        return generator.Normal([count]).mul_(scale);
    }

    /// <summary>Within a number of units in the last place of single precision, and of <paramref name="floor"/> where values are smaller.</summary>
    public static void ShouldMatch(this torch.Tensor actual, torch.Tensor expected, double ulps, double floor = 1e-6)
    {
        var (a, e) = (actual.Values(), expected.Values());
        a.Should().HaveSameCount(e);
        for (int i = 0; i < a.Length; i++)
            ((double)a[i]).Should().BeApproximately(e[i], ulps * 1.2e-7 * Math.Max(Math.Abs(e[i]), floor), "element {0} is the twin's", i);
    }
}
