using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GenModels.Data;

/// <summary>What an IDX file holds.</summary>
internal sealed record IdxContent(int[] Dimensions, byte[] Values);

/// <summary>Reads one IDX file from a stream that can seek. Memory follows what the file holds, not what its header claims.</summary>
internal static class IdxReader
{
    private const int ChunkSize = 1 << 20;

    // Deflate's best case: 258 bytes in two bits.
    private const long MaxCompressionRatio = 1032;

    /// <param name="file">The file, at its start.</param>
    /// <param name="path">What messages call the file.</param>
    /// <param name="magic">The number that the file must start with; its last byte is the number of dimensions.</param>
    /// <exception cref="InvalidDataException">The file isn't exactly a header of this kind and the values it announces.</exception>
    public static IdxContent Read(Stream file, string path, int magic)
    {
        if (!file.CanSeek)
            throw Wrong(path, "is not a regular file", "Expected an IDX file on disk");
        try
        {
            if (!IsGzip(file))
                return ReadPlain(file, path, magic);
            using var content = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var values = ReadCompressed(content, file.Length, path, magic, out var contentLength);
            CheckGzipEnd(file, contentLength, path);
            return values;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException($"The file '{path}' ended while it was read, expected all the bytes that its header announces.", e);
        }
    }

    /// <summary>Reads the header of a plain file, and checks that the file is as long as the header says.</summary>
    /// <returns>The dimensions, and the number of bytes before the values.</returns>
    /// <exception cref="InvalidDataException">The file is gzipped, or isn't exactly a header of this kind and the values it announces.</exception>
    public static (int[] Dimensions, int Header) ReadPlainHeader(Stream file, string path, int magic)
    {
        if (!file.CanSeek)
            throw Wrong(path, "is not a regular file", "Expected an IDX file on disk");
        if (IsGzip(file))
            throw Wrong(path, "is gzipped", "Expected a plain IDX file, in which images can be found by index: unpack it");
        var dimensions = ReadHeader(file, path, magic, long.MaxValue >> 1, out var header, out var length);
        CheckLength(file.Length, header, length, path);
        return (dimensions, header);
    }

    private static bool IsGzip(Stream file)
    {
        var isGzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return isGzip;
    }

    private static IdxContent ReadPlain(Stream file, string path, int magic)
    {
        var dimensions = ReadHeader(file, path, magic, Array.MaxLength, out var header, out var length);
        CheckLength(file.Length, header, length, path);
        var values = GC.AllocateUninitializedArray<byte>((int)length);
        file.ReadExactly(values);
        return new IdxContent(dimensions, values);
    }

    private static IdxContent ReadCompressed(GZipStream content, long compressedLength, string path, int magic, out long contentLength)
    {
        var dimensions = ReadHeader(content, path, magic, Array.MaxLength, out var header, out var length);
        if (length / MaxCompressionRatio > compressedLength)
        {
            throw Wrong(
                path,
                $"announces {length} values in a gzip file of {compressedLength} bytes",
                $"Expected at most {MaxCompressionRatio} values per byte, the most that gzip can do");
        }
        var values = ReadChunks(content, (int)length, path, out var read);
        // Reading on to the end also makes gzip check its own checksum.
        contentLength = header + read + CountRest(content, path);
        CheckLength(contentLength, header, length, path);
        return new IdxContent(dimensions, values);
    }

    // GZipStream takes the end of the file for the end of the content, and ignores bytes after it.
    // A whole file ends with the content's length (RFC 1952, 2.3.1).
    private static void CheckGzipEnd(Stream file, long contentLength, string path)
    {
        Span<byte> end = stackalloc byte[4];
        file.Position = file.Length - end.Length;
        file.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)contentLength)
            throw Wrong(path, "is cut within the last bytes of gzip, or has bytes after them", "Expected one whole gzip stream and nothing else");
    }

    private static int[] ReadHeader(Stream content, string path, int magic, long most, out int header, out long length)
    {
        var rank = magic & 0xff;
        header = 4 + 4 * rank;
        Span<byte> bytes = stackalloc byte[header];
        var read = ReadBlock(content, bytes, path);
        if (read >= 4 && BinaryPrimitives.ReadInt32BigEndian(bytes) != magic)
            throw Wrong(path, $"starts with {Describe(bytes[..4])}", $"Expected an IDX file with the magic number {magic}");
        if (read < header)
            throw Wrong(path, $"ends after {read} bytes of content", $"Expected an IDX header of {header} bytes");

        var dimensions = new int[rank];
        length = 1;
        for (var i = 0; i < rank; i++)
        {
            var size = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + 4 * i)..]);
            if (size == 0 || size > Math.Min(int.MaxValue, most / length))
            {
                throw Wrong(
                    path, $"announces {Guard.Text(size)} as its dimension {i}", $"Expected dimensions of at least 1 with a product of at most {most}");
            }
            dimensions[i] = (int)size;
            length *= dimensions[i];
        }
        return dimensions;
    }

    private static byte[] ReadChunks(GZipStream content, int length, string path, out int read)
    {
        var chunks = new List<byte[]>();
        read = 0;
        while (read < length)
        {
            var chunk = GC.AllocateUninitializedArray<byte>(Math.Min(ChunkSize, length - read));
            var got = ReadBlock(content, chunk, path);
            chunks.Add(chunk);
            read += got;
            if (got < chunk.Length)
                return [];
        }
        if (chunks.Count == 1)
            return chunks[0];
        var values = GC.AllocateUninitializedArray<byte>(length);
        for (var i = 0; i < chunks.Count; i++)
            chunks[i].CopyTo(values, (long)i * ChunkSize);
        return values;
    }

    private static long CountRest(GZipStream content, string path)
    {
        var buffer = new byte[4096];
        var rest = 0L;
        int read;
        while ((read = ReadBlock(content, buffer, path)) > 0)
            rest += read;
        return rest;
    }

    // Fills the buffer unless the content ends before.
    private static int ReadBlock(Stream content, Span<byte> buffer, string path)
    {
        try
        {
            return content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The file '{path}' is a damaged or truncated gzip file. Expected one that unpacks: {e.Message}", e);
        }
    }

    private static void CheckLength(long actual, int header, long length, string path)
    {
        var expected = header + length;
        if (actual == expected)
            return;
        var difference = actual < expected ? $"is truncated by {expected - actual} bytes" : $"has {actual - expected} bytes after its end";
        throw Wrong(path, difference, $"Expected {expected} bytes of content by its header, found {actual}");
    }

    private static string Describe(ReadOnlySpan<byte> start)
    {
        var number = BinaryPrimitives.ReadUInt32BigEndian(start);
        return number switch
        {
            2051 => "2051, the magic number of images",
            2049 => "2049, the magic number of labels",
            _ when Ascii.IsValid(start) && !start.ContainsAnyInRange((byte)0, (byte)31) => $"the text \"{Encoding.ASCII.GetString(start)}\"",
            _ => $"the number {Guard.Text(number)}",
        };
    }

    private static InvalidDataException Wrong(string path, string finding, string expectation) =>
        new($"The file '{path}' {finding}. {expectation}.");
}
