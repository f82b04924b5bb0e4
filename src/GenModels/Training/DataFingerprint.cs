using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenModels.Data;

namespace GenModels.Training;

/// <summary>
/// What tells one source of examples from another: their number and shape, and a hash of some of them, evenly spread; of few examples, all count.
/// </summary>
[SerializerContext(typeof(TrainingJson))]
internal sealed record DataFingerprint(int Count, ValueList<long> ExampleShape, string Sha256)
{
    private const int MostProbes = 16;

    public static DataFingerprint Of(IExampleSource source)
    {
        int probes = Math.Min(MostProbes, source.Count);
        int[] indices = [.. Enumerable.Range(0, probes).Select(i => (int)((long)i * source.Count / probes))];
        var values = new float[indices.Length * source.ExampleShape.Aggregate(1L, (product, size) => product * size)];
        source.Gather(indices, values);
        byte[] hash = SHA256.HashData(MemoryMarshal.AsBytes<float>(values));
        return new DataFingerprint(source.Count, [.. source.ExampleShape], Convert.ToHexStringLower(hash));
    }
}
