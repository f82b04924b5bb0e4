using GenModels.Data;
using GenModels.Fuzz;
using GenModels.Reporting;

namespace GenModels.Tests.Data;

public sealed class DecodedImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_png_reads_as_it_was_written()
    {
        byte[] colors = [.. Enumerable.Range(0, 3 * 5 * 4).Select(i => (byte)(i * 37))], grey = colors[..20];
        PngWriter.Save(_folder["color.png"], colors, 5, 4);
        PngWriter.Save(_folder["grey.png"], grey, 5, 4);

        var image = DecodedImage.Read(_folder["color.png"]);
        (image.Height, image.Width).Should().Be((4, 5));
        image.Colors.Should().Equal(colors);
        DecodedImage.Read(_folder["grey.png"]).Colors.Should().Equal(grey.SelectMany(level => new[] { level, level, level }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_jpeg_reads_as_its_colors(bool progressive)
    {
        var image = Read(progressive ? JpegFiles.TwoColorsProgressive : JpegFiles.TwoColors);
        (image.Height, image.Width).Should().Be((8, 16));
        for (int i = 0; i < 8 * 16; i++)
        {
            byte[] expected = i % 16 < 8 ? [200, 40, 60] : [20, 90, 220];
            // Luma and the two colors are rounded once, which weigh at most 1 + 1.772 in a channel, and so is the result.
            image.Colors[(3 * i)..(3 * i + 3)].Should().Equal(expected, (a, e) => Math.Abs(a - e) <= 2);
        }
    }

    [Fact]
    public void What_is_no_whole_image_is_named()
    {
        Error([]).Should().EndWith("is no image: it starts neither as a PNG nor as a JPEG file does.");
        Error("BM, or any text"u8.ToArray()).Should().Contain("is no image");
        Error(JpegFiles.TwoColors[..^40]).Should().EndWith("is a damaged image: it ends before the image does.");
        Error(JpegFiles.Colorful[..30]).Should().Contain("is a damaged image");
        PngWriter.Save(_folder["whole.png"], new byte[12], 4, 3);
        byte[] png = File.ReadAllBytes(_folder["whole.png"]);
        Error(png[..^20]).Should().Contain("is a damaged image");
        // The header says 524,292 columns.
        byte[] wide = [.. png];
        wide[17] = 8;
        Error(wide).Should().Contain("3×524292 pixels do not fit into");
    }

    // A decoder that is left alone with these looks for the next marker for ever.
    [Fact]
    public void A_jpeg_that_ends_within_a_segment_is_refused_at_once()
    {
        Action read = () => Error(Convert.FromHexString("FFD8FFE000FF4A46494600010100000100010000FFDB004300067FFF06050406050606" + "0707"));
        read.ExecutionTime().Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    private DecodedImage Read(byte[] content)
    {
        File.WriteAllBytes(_folder["image"], content);
        return DecodedImage.Read(_folder["image"]);
    }

    private string Error(byte[] content)
    {
        var read = () => Read(content);
        return read.Should().Throw<InvalidDataException>().WithMessage("The file '*image' is *").Which.Message;
    }
}
