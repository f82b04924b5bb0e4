using System.Buffers.Binary;
using System.IO.Compression;

namespace GenModels.Tests.Data;

/// <summary>PNG files with transparency, which the library does not write.</summary>
internal static class Png
{
    public static byte[] OfOneColor(int width, int height, byte level, byte opacity)
    {
        byte[] row = [0, .. Enumerable.Range(0, width).SelectMany(_ => new[] { level, level, level, opacity })];
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            for (int y = 0; y < height; y++) zlib.Write(row);
        // 8 bits, red, green, blue and opacity.
        byte[] header = [.. Word(width), .. Word(height), 8, 6, 0, 0, 0];
        return [0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n', .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    // The decoder looks at no checksum.
    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] content) =>
        [.. Word(content.Length), .. type, .. content, .. Word(0)];

    private static byte[] Word(int value)
    {
        byte[] word = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, value);
        return word;
    }
}
