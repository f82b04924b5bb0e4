using System.Buffers.Binary;
using System.Text;
using GenModels.Safetensors;

namespace GenModels.Tests.Safetensors;

/// <summary>Makes, changes and opens the content of safetensors files.</summary>
internal static class SafetensorsBytes
{
    private const int Prefix = 8;

    /// <summary>A header as it is given, with its length before it, and data of so many zeros.</summary>
    public static byte[] Of(string header, int dataLength = 0) => Of(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var length = new byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    /// <summary>What the writer makes of tensors.</summary>
    public static byte[] Written(Dictionary<string, torch.Tensor> tensors, Dictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors, metadata ?? []);
        return stream.ToArray();
    }

    public static SafetensorsReader Open(byte[] content) => new(new MemoryStream(content), "a.safetensors");

    /// <summary>The text of a file's header, without the spaces at its end.</summary>
    public static string Header(byte[] content) => Encoding.UTF8.GetString(content, Prefix, HeaderLength(content)).TrimEnd(' ');

    /// <summary>The same file with another text in place of one that stands in its header once.</summary>
    public static byte[] Edited(byte[] content, string from, string to)
    {
        string header = Header(content);
        header.Split(from).Should().HaveCount(2, "'{0}' stands once in {1}", from, header);
        return Of(Encoding.UTF8.GetBytes(header.Replace(from, to, StringComparison.Ordinal)), content.AsSpan(Prefix + HeaderLength(content)));
    }

    private static int HeaderLength(byte[] content) => (int)BinaryPrimitives.ReadInt64LittleEndian(content);
}
