using System.Buffers.Binary;
using System.IO.Compression;

namespace GenModels.Reporting;

/// <summary>Writes 8-bit PNG pictures, grey or in colour (ISO/IEC 15948, "Portable Network Graphics").</summary>
public static class PngWriter
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>Writes a picture to a file, which is complete or not there; the folder is created if needed.</summary>
    /// <param name="path">The file, replaced if it exists.</param>
    /// <param name="pixels">The picture row by row from the top: one byte per pixel (grey) or three (red, green, blue).</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <exception cref="ArgumentException">There are neither width × height bytes nor three times as many.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(string path, ReadOnlySpan<byte> pixels, int width, int height)
    {
        using var picture = new MemoryStream();
        Write(picture, pixels, width, height);
        AtomicFile.Write(path, picture.WriteTo);
    }

    /// <summary>Writes a picture to a stream; arguments as in <see cref="Save"/>.</summary>
    /// <exception cref="ArgumentException">There are neither width × height bytes nor three times as many.</exception>
    public static void Write(Stream stream, ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var size = (long)width * height;
        if (pixels.Length != size && pixels.Length != 3 * size)
        {
            throw new ArgumentException(
                $"There are {pixels.Length} bytes, expected {size} (grey) or {3 * size} (colour), for {width}×{height} pixels.", nameof(pixels));
        }

        const byte grey = 0, colour = 2;
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = pixels.Length == size ? grey : colour;
        header[10..].Clear();

        stream.Write(Signature);
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(pixels, pixels.Length / height));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> pixels, int rowLength)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var i = 0; i < pixels.Length; i += rowLength)
            {
                zlib.WriteByte(0); // This row is not filtered.
                zlib.Write(pixels.Slice(i, rowLength));
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~UpdateCrc(UpdateCrc(uint.MaxValue, type), content));
        stream.Write(number);
    }

    private static uint UpdateCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        const uint reversedPolynomial = 0xEDB88320;
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ reversedPolynomial;
            table[i] = crc;
        }
        return table;
    }
}
