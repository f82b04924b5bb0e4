using System.Buffers.Binary;
using System.IO.Compression;
using GenModels.Data;

namespace GenModels.Tests.Data;

/// <summary>Makes the content of IDX files.</summary>
internal static class IdxBytes
{
    public static byte[] Images(int count, int height, int width, int seed = 1)
    {
        var values = new byte[count * height * width];
        new Random(seed).NextBytes(values);
        return [.. Header(2051, (uint)count, (uint)height, (uint)width), .. values];
    }

    public static byte[] Labels(params byte[] labels) => [.. Header(2049, (uint)labels.Length), .. labels];

    public static byte[] Header(uint magic, params uint[] dimensions)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        BinaryPrimitives.WriteUInt32BigEndian(header, magic);
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return header;
    }

    public static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            gzip.Write(content);
        return compressed.ToArray();
    }

    /// <summary>The four files of a small set: 3 images for training and 2 for tests, 2×2 pixels.</summary>
    public static Dictionary<string, byte[]> SmallSet(int seed) => new()
    {
        [IdxFolder.TrainImages] = Images(3, 2, 2, seed),
        [IdxFolder.TrainLabels] = Labels((byte)seed, 1, 2),
        [IdxFolder.TestImages] = Images(2, 2, 2, seed + 1),
        [IdxFolder.TestLabels] = Labels((byte)seed, 4),
    };

    public static void WriteTo(string folder, Dictionary<string, byte[]> files, Func<string, string>? rename = null)
    {
        Directory.CreateDirectory(folder);
        foreach (var (stem, content) in files)
        {
            var name = rename?.Invoke(stem) ?? stem;
            File.WriteAllBytes(Path.Combine(folder, name), name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(content) : content);
        }
    }
}
