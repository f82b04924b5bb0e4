namespace GenModels.Data;

/// <summary>
/// Brings pictures to another size: each new pixel is the mean over the area of the old picture that it covers, so that nothing is left out where a
/// picture gets smaller, and pixels become squares where it gets larger.
/// </summary>
internal static class AreaAverage
{
    /// <summary>Resizes a picture; where <paramref name="crop"/> is set, of its largest centered part with the new proportions, otherwise of all.</summary>
    public static DecodedImage Resize(DecodedImage image, int height, int width, bool crop)
    {
        double scale = Math.Min((double)image.Height / height, (double)image.Width / width);
        double coveredHeight = crop ? scale * height : image.Height, coveredWidth = crop ? scale * width : image.Width;
        var rows = Shares(image.Height, coveredHeight, height);
        var columns = Shares(image.Width, coveredWidth, width);
        var resized = new byte[checked(height * width * DecodedImage.Channels)];
        for (int i = 0; i < resized.Length; i++)
        {
            var (pixel, channel) = Math.DivRem(i, DecodedImage.Channels);
            resized[i] = (byte)Math.Round(Mean(image, rows[pixel / width], columns[pixel % width], channel));
        }
        return new(height, width, resized);
    }

    private static double Mean(DecodedImage image, Share rows, Share columns, int channel)
    {
        double sum = 0;
        for (int y = 0; y < rows.Weights.Length; y++)
        {
            int start = ((rows.First + y) * image.Width + columns.First) * DecodedImage.Channels + channel;
            double row = 0;
            for (int x = 0; x < columns.Weights.Length; x++) row += columns.Weights[x] * image.Colors[start + x * DecodedImage.Channels];
            sum += rows.Weights[y] * row;
        }
        return sum;
    }

    /// <summary>For each new line, how much of it each old line makes up, of the middle <paramref name="covered"/> of <paramref name="length"/> lines.</summary>
    private static Share[] Shares(int length, double covered, int count)
    {
        double size = covered / count, start = (length - covered) / 2;
        return [.. Enumerable.Range(0, count).Select(i => Of(start + i * size, Math.Min(length, start + (i + 1) * size)))];

        static Share Of(double from, double to)
        {
            int first = (int)from, last = Math.Max(first + 1, (int)Math.Ceiling(to));
            return new(first, [.. Enumerable.Range(first, last - first).Select(line => (Math.Min(to, line + 1) - Math.Max(from, line)) / (to - from))]);
        }
    }

    private sealed record Share(int First, double[] Weights);
}
