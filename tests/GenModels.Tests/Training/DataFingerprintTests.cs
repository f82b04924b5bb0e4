using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenModels.Data;
using GenModels.Training;

namespace GenModels.Tests.Training;

public class DataFingerprintTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    public void Of_few_examples_each_counts(int count)
    {
        string whole = Of(count, changed: null);
        Enumerable.Range(0, count).Select(i => Of(count, i)).Should().OnlyHaveUniqueItems().And.NotContain(whole);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(1_797)]
    public void Of_many_examples_it_is_the_hash_of_sixteen_as_in_earlier_checkpoints(int count)
    {
        float[] probes = [.. Enumerable.Range(0, 16).Select(i => (float)(i * count / 16))];
        Of(count, changed: null).Should().Be(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(probes))));
    }

    private static string Of(int count, int? changed) =>
        DataFingerprint.Of(new ArraySource([.. Enumerable.Range(0, count).Select(i => i == changed ? -1f : i)], 1)).Sha256;
}
