using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GenModels.Tests.Reporting;

/// <summary>A PNG picture as a strict reader sees it: signature, order of chunks, lengths and checksums are all asserted.</summary>
internal sealed record Picture(int Width, int Height, int Channels, byte[] Pixels)
{
    public static Picture Load(string path) => Decode(File.ReadAllBytes(path));

    public static Picture Decode(byte[] png)
    {
        png[..8].Should().Equal(137, 80, 78, 71, 13, 10, 26, 10);
        var at = 8;
        var header = ReadChunk(png, "IHDR", ref at);
        var data = ReadChunk(png, "IDAT", ref at);
        ReadChunk(png, "IEND", ref at).Should().BeEmpty();
        at.Should().Be(png.Length);

        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        header[8].Should().Be(8, "it is the depth");
        header[9].Should().BeOneOf([0, 2], "it is grey or colour");
        header[10..].Should().Equal(0, 0, 0);
        var channels = header[9] == 0 ? 1 : 3;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(new MemoryStream(data), CompressionMode.Decompress))
            zlib.CopyTo(inflated);
        var rows = inflated.ToArray().Chunk(1 + channels * width).ToArray();
        rows.Should().HaveCount(height).And.AllSatisfy(row => row[0].Should().Be(0, "rows aren't filtered"));
        return new Picture(width, height, channels, [.. rows.SelectMany(row => row.Skip(1))]);
    }

    /// <summary>The bytes of one pixel: one or three.</summary>
    public byte[] this[int row, int column] => Pixels[((row * Width + column) * Channels)..][..Channels];

    private static byte[] ReadChunk(byte[] png, string type, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
        Encoding.ASCII.GetString(png, at + 4, 4).Should().Be(type);
        var crc = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length));
        crc.Should().Be(Crc(png.AsSpan(at + 4, 4 + length)));
        var content = png[(at + 8)..(at + 8 + length)];
        at += 12 + length;
        return content;
    }

    // Division of polynomials bit by bit, as the standard defines it.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (((crc ^ (uint)(b >> bit)) & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
