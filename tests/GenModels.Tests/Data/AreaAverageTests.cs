using GenModels.Data;

namespace GenModels.Tests.Data;

public class AreaAverageTests
{
    [Fact]
    public void The_same_size_changes_nothing()
    {
        var image = Image(5, 7);
        foreach (bool crop in new[] { true, false }) AreaAverage.Resize(image, 5, 7, crop).Colors.Should().Equal(image.Colors);
    }

    [Fact]
    public void Whole_factors_give_the_means_of_blocks()
    {
        var image = Image(6, 8);
        var small = AreaAverage.Resize(image, 2, 4, crop: false);
        (small.Height, small.Width).Should().Be((2, 4));
        for (int y = 0; y < 2; y++)
            for (int x = 0; x < 4; x++)
                for (int c = 0; c < 3; c++)
                {
                    double mean = (from dy in Enumerable.Range(0, 3) from dx in Enumerable.Range(0, 2) select (double)At(image, 3 * y + dy, 2 * x + dx, c)).Average();
                    ((double)At(small, y, x, c)).Should().BeApproximately(mean, 0.5 + 1e-9);
                }
    }

    [Fact]
    public void Parts_of_pixels_count_as_such()
    {
        // Three columns to two: a new one covers one and a half.
        var image = new DecodedImage(1, 3, [30, 0, 0, 90, 0, 0, 240, 0, 0]);
        AreaAverage.Resize(image, 1, 2, crop: false).Colors.Should().Equal(50, 0, 0, 190, 0, 0);
        // Two to three: the middle one covers half of each.
        AreaAverage.Resize(new DecodedImage(1, 2, [30, 0, 0, 90, 0, 0]), 1, 3, crop: false).Colors.Should().Equal(30, 0, 0, 60, 0, 0, 90, 0, 0);
    }

    [Fact]
    public void The_mean_of_a_stretched_picture_stays()
    {
        var image = Image(97, 61);
        foreach (var (height, width) in new[] { (13, 17), (32, 32), (97, 5), (200, 100) })
        {
            double Mean(DecodedImage i) => i.Colors.Average(value => (double)value);
            // Each pixel is rounded by at most a half, evenly to both sides; the standard error of their mean is below 0.29/√n.
            Mean(AreaAverage.Resize(image, height, width, crop: false)).Should().BeApproximately(Mean(image), 5 * 0.29 / Math.Sqrt(3 * height * width));
        }
    }

    [Theory]
    [InlineData(4, 10, 4, 4, 3)]
    [InlineData(4, 9, 2, 2, 2)]
    public void Cropping_takes_the_middle(int height, int width, int newHeight, int newWidth, int left)
    {
        var image = Image(height, width);
        var cropped = AreaAverage.Resize(image, newHeight, newWidth, crop: true);
        int side = height / newHeight;
        // Where the rest is odd, the part begins in the middle of a pixel, and one more pixel on the right counts by half.
        double shift = (width - newWidth * side) / 2.0 - left;
        for (int y = 0; y < newHeight; y++)
            for (int x = 0; x < newWidth; x++)
            {
                double Column(int column) => Enumerable.Range(0, side).Average(dy => (double)At(image, y * side + dy, column, 1));
                int first = left + x * side;
                double expected = (Enumerable.Range(first, side).Sum(Column) + shift * (Column(first + side) - Column(first))) / side;
                ((double)At(cropped, y, x, 1)).Should().BeApproximately(expected, 0.5 + 1e-9);
            }
    }

    private static DecodedImage Image(int height, int width)
    {
        var colors = new byte[3 * height * width];
        new Random(1).NextBytes(colors);
        return new(height, width, colors);
    }

    private static byte At(DecodedImage image, int row, int column, int channel) => image.Colors[3 * (row * image.Width + column) + channel];
}
