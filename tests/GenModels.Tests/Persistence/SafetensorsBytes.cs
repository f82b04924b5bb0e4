using System.Buffers.Binary;
using System.Text;
using GenModels.Persistence;

namespace GenModels.Tests.Persistence;

/// <summary>Makes and opens the content of safetensors files.</summary>
internal static class SafetensorsBytes
{
    /// <summary>A header as it is given, with its length before it, and data of so many zeros.</summary>
    public static byte[] Of(string header, int dataLength = 0) => Of(Encoding.UTF8.GetBytes(header), dataLength);

    public static byte[] Of(byte[] header, int dataLength = 0)
    {
        var content = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(content, header.Length);
        header.CopyTo(content, 8);
        return content;
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
    public static string Header(byte[] content) =>
        Encoding.UTF8.GetString(content, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(content)).TrimEnd(' ');
}
