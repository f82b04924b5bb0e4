using System.Buffers.Binary;
using StbImageSharp;

namespace GenModels.Data;

/// <summary>A picture: red, green and blue of each pixel, row by row.</summary>
internal sealed record DecodedImage(int Height, int Width, byte[] Colors)
{
    public const int Channels = 3;

    // No image of either format is packed more tightly: deflate's best case is 1032 bytes for one, of 8 pixels each.
    private const int MostPixelsPerByte = 8 * 1032;

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    private static ReadOnlySpan<byte> Jpeg => [0xff, 0xd8, 0xff];

    /// <summary>Reads a PNG or JPEG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="background">The level that shows through where it is transparent; null drops transparency.</param>
    /// <exception cref="InvalidDataException">It is no such image, or a damaged one.</exception>
    public static DecodedImage Read(string path, byte? background = null)
    {
        byte[] content = File.ReadAllBytes(path);
        if (!content.AsSpan().StartsWith(Png) && !content.AsSpan().StartsWith(Jpeg))
            throw new InvalidDataException($"The file '{path}' is no image: it starts neither as a PNG nor as a JPEG file does.");
        try
        {
            return Decode(content, background);
        }
        // The decoder tells of damage by several exceptions; where memory runs out, nothing is wrong with the file.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidDataException($"The file '{path}' is a damaged image: {e.Message}", e);
        }
    }

    private static DecodedImage Decode(byte[] content, byte? background)
    {
        if (content.AsSpan().StartsWith(Png)) CheckChunks(content);
        using var header = new ImageStream(content);
        var info = ImageInfo.FromStream(header) ?? throw new InvalidDataException("its header can't be read.");
        if ((long)info.Height * info.Width > (long)MostPixelsPerByte * content.Length)
            throw new InvalidDataException($"{info.Height}×{info.Width} pixels do not fit into {content.Length} bytes.");
        using var stream = new ImageStream(content);
        var image = ImageResult.FromStream(stream, background is null ? ColorComponents.RedGreenBlue : ColorComponents.RedGreenBlueAlpha);
        if (stream.Missing > 0) throw new EndOfStreamException("it ends before the image does.");
        return new(image.Height, image.Width, background is { } level ? Over(level, image.Data) : image.Data);
    }

    /// <summary>The colors of pixels with their opacity behind them, as they look over a background.</summary>
    private static byte[] Over(byte level, byte[] pixels)
    {
        const int most = byte.MaxValue;
        var colors = new byte[pixels.Length / 4 * Channels];
        for (int i = 0; i < colors.Length; i++)
        {
            int pixel = i / Channels * 4, opacity = pixels[pixel + Channels];
            colors[i] = (byte)((pixels[pixel + i % Channels] * opacity + level * (most - opacity) + most / 2) / most);
        }
        return colors;
    }

    // The decoder makes room for what a chunk says of its length before it reads it.
    private static void CheckChunks(byte[] png)
    {
        const int header = 8, checksum = 4;
        uint length;
        for (long at = Png.Length; at + header + checksum <= png.Length; at += header + length + checksum)
        {
            length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            if (length > png.Length - at - header - checksum) throw new EndOfStreamException("it ends before the image does.");
        }
    }
}
