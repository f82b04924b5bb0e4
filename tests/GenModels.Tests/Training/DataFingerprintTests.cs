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

    [Fact]
    public void What_a_conditional_model_is_told_counts_and_what_another_is_not_told_does_not()
    {
        var source = Examples.Source(5, [1]);
        var (labeled, other) = (source.WithLabels([0, 1, 2, 0, 1]), source.WithLabels([0, 1, 2, 0, 2]));
        DataFingerprint.Of(labeled).Should().Be(DataFingerprint.Of(other)).And.Be(DataFingerprint.Of(source));
        var classes = Condition.Classes(3);
        DataFingerprint.Of(labeled, classes).Should().Be(DataFingerprint.Of(labeled, classes)).And.NotBe(DataFingerprint.Of(other, classes)).And.NotBe(DataFingerprint.Of(labeled));
        var vectors = Condition.Vectors(1);
        DataFingerprint.Of(source.WithConditions(source), vectors).Should().NotBe(DataFingerprint.Of(source.WithConditions(Examples.Source(5, [1], seed: 2)), vectors));
    }

    private static string Of(int count, int? changed) =>
        DataFingerprint.Of(new ArraySource([.. Enumerable.Range(0, count).Select(i => i == changed ? -1f : i)], 1)).Sha256;
}
