using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenModels.Data;

namespace GenModels.Training;

/// <summary>
/// What tells one source of examples from another: their number and shape, and a hash of some of them, evenly spread, with what a conditional
/// model is told of them; of few examples, all count.
/// </summary>
[SerializerContext(typeof(TrainingJson))]
internal sealed record DataFingerprint(int Count, ValueList<long> ExampleShape, string Sha256)
{
    private const int MostProbes = 16;

    public static DataFingerprint Of(IExampleSource source, Condition? condition = null)
    {
        int probes = Math.Min(MostProbes, source.Count);
        int[] indices = [.. Enumerable.Range(0, probes).Select(i => (int)((long)i * source.Count / probes))];
        var values = new float[indices.Length * source.ExampleShape.Size()];
        source.Gather(indices, values);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<float>(values));
        if (condition is not null)
        {
            using var conditions = condition.Gather(source, indices);
            hash.AppendData(conditions.bytes);
        }
        return new DataFingerprint(source.Count, [.. source.ExampleShape], Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
