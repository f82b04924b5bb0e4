using GenModels.Reporting;

namespace GenModels.Tests.Reporting;

public sealed class ImageGridTests : IDisposable
{
    private const byte Background = 96;

    private readonly TemporaryFolder _folder = new();

    private string File => _folder["pictures", "grid.png"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_are_laid_out_row_by_row_with_gaps()
    {
        // Three images of 1×2 in two columns, each value 3×3 pixels.
        ImageGrid.Save(File, [0, 0.2f, 0.4f, 0.6f, 0.8f, 1], count: 3, height: 1, width: 2, columns: 2, scale: 3);

        var picture = Picture.Load(File);
        (picture.Width, picture.Height, picture.Channels).Should().Be((2 + 6 + 2 + 6 + 2, 2 + 3 + 2 + 3 + 2, 1));
        byte[] top = [96, 96, 0, 0, 0, 51, 51, 51, 96, 96, 102, 102, 102, 153, 153, 153, 96, 96];
        byte[] bottom = [96, 96, 204, 204, 204, 255, 255, 255, .. Enumerable.Repeat(Background, 10)];
        byte[] gap = [.. Enumerable.Repeat(Background, 18)];
        picture.Pixels.Chunk(18).Should().BeEquivalentTo(
            new[] { gap, gap, top, top, top, gap, gap, bottom, bottom, bottom, gap, gap }, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Values_are_clamped_and_rounded()
    {
        ImageGrid.Save(File, [-1, 2, float.PositiveInfinity, float.NegativeInfinity, 0.5f, 1 / 255f], 1, 1, 6, scale: 1);

        Picture.Load(File).Pixels[(2 * 10 + 2)..(2 * 10 + 8)].Should().Equal(0, 255, 255, 0, 128, 1);
    }

    [Fact]
    public void NaN_is_red_and_the_rest_stays_grey()
    {
        ImageGrid.Save(File, [0.4f, float.NaN], 1, 1, 2, scale: 2);

        var picture = Picture.Load(File);
        picture.Channels.Should().Be(3);
        picture[2, 2].Should().Equal(102, 102, 102);
        picture[3, 3].Should().Equal(102, 102, 102);
        picture[2, 4].Should().Equal(255, 0, 0);
        picture[3, 5].Should().Equal(255, 0, 0);
        picture[0, 0].Should().Equal(Background, Background, Background);
    }

    [Fact]
    public void Three_planes_are_red_green_and_blue()
    {
        // Two images of 1×2: the second has its colors the other way round, and a value that is NaN.
        float[] images = [0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1, 0.8f, 0.6f, 0.4f, 0.2f, float.NaN];
        ImageGrid.Save(File, images, count: 2, height: 1, width: 2, columns: 2, scale: 1);

        var picture = Picture.Load(File);
        (picture.Width, picture.Height, picture.Channels).Should().Be((2 + 2 + 2 + 2 + 2, 5, 3));
        picture[2, 2].Should().Equal(0, 102, 204);
        picture[2, 3].Should().Equal(51, 153, 255);
        picture[2, 4].Should().Equal(Background, Background, Background);
        picture[2, 6].Should().Equal(255, 153, 51);
        picture[2, 7].Should().Equal(255, 0, 0);

        using var tensor = torch.tensor(images, [2, 3, 1, 2]);
        ImageGrid.ToPng(tensor, 1, 2, columns: 2, scale: 1).Should().Equal(System.IO.File.ReadAllBytes(File));
        ImageGrid.PairsToPng([0.4f], [0.2f, 0.4f, 0.6f], 1, 1, 1, scale: 1).Should().NotBeEmpty();
    }

    [Fact]
    public void Pairs_show_each_reconstruction_below_its_original()
    {
        ImageGrid.SavePairs(File, [0.2f, 0.4f, 0.6f], [0.8f, 1, 0], count: 3, height: 1, width: 1, columns: 2, scale: 4);

        var picture = Picture.Load(File);
        // Gap, original, gap, reconstruction, wide gap, original, gap, reconstruction, gap.
        (picture.Width, picture.Height).Should().Be((2 + 4 + 2 + 4 + 2, 2 + 4 + 2 + 4 + 8 + 4 + 2 + 4 + 2));
        byte[] corners = [.. new[] { 2, 8, 20, 26 }.SelectMany(row => new[] { picture[row, 2][0], picture[row, 8][0] })];
        corners.Should().Equal(51, 102, 204, 255, 153, Background, 0, Background);
        byte[] leftColumn = [.. Enumerable.Range(0, picture.Height).Select(row => picture[row, 3][0])];
        leftColumn.Should().Equal(96, 96, 51, 51, 51, 51, 96, 96, 204, 204, 204, 204, 96, 96, 96, 96, 96, 96, 96, 96, 153, 153, 153, 153, 96, 96, 0, 0, 0, 0, 96, 96);
    }

    [Theory]
    [InlineData(8, 64, 6 * 8)]
    [InlineData(28, 64, 2 * 28)]
    [InlineData(64, 4, 64)]
    public void Small_images_are_enlarged_and_the_grid_is_square_by_default(int side, int count, int shownSide)
    {
        ImageGrid.Save(File, new float[count * side * side], count, side, side);

        var perRow = (int)Math.Sqrt(count);
        var picture = Picture.Load(File);
        picture.Width.Should().Be(2 + perRow * (shownSide + 2));
        picture.Height.Should().Be(picture.Width);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Parameter(() => ImageGrid.Save(File, new float[3], 1, 2, 2)).Should().Be("images");
        Parameter(() => ImageGrid.Save(File, [], 0, 2, 2)).Should().Be("count");
        Parameter(() => ImageGrid.Save(File, [], 1, 0, 2)).Should().Be("height");
        Parameter(() => ImageGrid.Save(File, [], 1, 2, 0)).Should().Be("width");
        Parameter(() => ImageGrid.Save(File, new float[4], 1, 2, 2, columns: 0)).Should().Be("columns");
        Parameter(() => ImageGrid.Save(File, new float[4], 1, 2, 2, scale: 0)).Should().Be("scale");
        Parameter(() => ImageGrid.Save(File, new float[4], 1, 2, 2, scale: int.MaxValue)).Should().Be("count");
        Parameter(() => ImageGrid.SavePairs(File, new float[4], new float[3], 1, 2, 2)).Should().Be("reconstructions");
        Parameter(() => ImageGrid.SavePairs(File, new float[3], new float[4], 1, 2, 2)).Should().Be("originals");
    }

    private static string? Parameter(Action call) => call.Should().Throw<ArgumentException>().Which.ParamName;
}
