using GenModels.Reporting;

namespace GenModels.Tests.Reporting;

public sealed class PngWriterTests
{
    [Fact]
    public void The_header_and_the_end_have_the_bytes_of_zlibs_crc32()
    {
        var png = Encode([0, 1, 2, 253, 254, 255], 3, 2);

        // zlib.crc32 in Python.
        png[8..33].Should().Equal(0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0, 0xb8, 0x1f, 0x39, 0xc6);
        png[^12..].Should().Equal(0, 0, 0, 0, 73, 69, 78, 68, 0xae, 0x42, 0x60, 0x82);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 5, 1)]
    [InlineData(7, 5, 3)]
    [InlineData(300, 200, 3)]
    public void A_picture_decodes_to_its_pixels(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        new Random(1).NextBytes(pixels);

        var picture = Picture.Decode(Encode(pixels, width, height));

        (picture.Width, picture.Height, picture.Channels).Should().Be((width, height, channels));
        picture.Pixels.AsSpan().SequenceEqual(pixels).Should().BeTrue();
    }

    [Fact]
    public void Sizes_that_disagree_are_refused()
    {
        FluentActions.Invoking(() => Encode(new byte[5], 3, 2)).Should().Throw<ArgumentException>()
            .WithParameterName("pixels").WithMessage("There are 5 bytes, expected 6 (grey) or 18 (colour)*");
        FluentActions.Invoking(() => Encode([], 0, 2)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("width");
        FluentActions.Invoking(() => Encode([], 2, 0)).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("height");
    }

    private static byte[] Encode(byte[] pixels, int width, int height)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, pixels, width, height);
        return stream.ToArray();
    }
}
