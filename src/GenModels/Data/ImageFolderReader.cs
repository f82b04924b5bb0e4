namespace GenModels.Data;

/// <summary>Decodes the images of a folder, brings them to one size, and lays them out as <see cref="ImageSet"/> has them.</summary>
internal static class ImageFolderReader
{
    public static ImageSet Read(string name, IReadOnlyList<ImageFile> files, IReadOnlyList<string> classes, ImageFolderOptions options)
    {
        options.Validate();
        var first = Decode(files[0], options);
        int size = first.Height * first.Width, channels = options.Channels ?? DecodedImage.Channels;
        if ((long)files.Count * channels * size > Array.MaxLength)
            throw new InvalidDataException(
                $"The {files.Count} images of {first.Height}×{first.Width} do not fit into one array of {Array.MaxLength} bytes: choose a smaller Height and Width, or Channels = 1.");
        var pixels = new byte[files.Count * channels * size];
        for (int i = 0; i < files.Count; i++)
        {
            var image = i == 0 ? first : Decode(files[i], options);
            if ((image.Height, image.Width) != (first.Height, first.Width))
                throw new InvalidDataException(
                    $"The image '{files[i].Path}' is {image.Height}×{image.Width}, expected {first.Height}×{first.Width} as '{files[0].Path}' is: " +
                    "bring all to one size by Height and Width of ImageFolderOptions.");
            Write(image.Colors, pixels.AsSpan(i * channels * size, channels * size));
        }
        if (options.Channels is null && IsGrey(pixels, size)) (pixels, channels) = (RedOf(pixels, size), 1);
        return new ImageSet(
            name, first.Height, first.Width, pixels, [.. files.Where(file => file.Class is not null).Select(file => (byte)IndexOf(classes, file.Class))],
            classes: classes.Count > 0 ? classes.Count : null, channels: channels)
        {
            ClassNames = classes,
        };
    }

    private static DecodedImage Decode(ImageFile file, ImageFolderOptions options)
    {
        var image = DecodedImage.Read(file.Path, options.Background);
        return options is { Height: { } height, Width: { } width } ? AreaAverage.Resize(image, height, width, options.Fit == ImageFit.Crop) : image;
    }

    /// <summary>Writes grey where there is room for one channel, otherwise planes of red, green and blue.</summary>
    private static void Write(byte[] colors, Span<byte> planes)
    {
        int size = colors.Length / DecodedImage.Channels;
        for (int i = 0; i < size; i++)
        {
            var (red, green, blue) = (colors[3 * i], colors[3 * i + 1], colors[3 * i + 2]);
            if (planes.Length == size) planes[i] = (byte)((77 * red + 150 * green + 29 * blue) >> 8);
            else (planes[i], planes[size + i], planes[2 * size + i]) = (red, green, blue);
        }
    }

    private static bool IsGrey(ReadOnlySpan<byte> pixels, int size)
    {
        for (; pixels.Length > 0; pixels = pixels[(3 * size)..])
        {
            var red = pixels[..size];
            if (!red.SequenceEqual(pixels.Slice(size, size)) || !red.SequenceEqual(pixels.Slice(2 * size, size))) return false;
        }
        return true;
    }

    private static byte[] RedOf(byte[] pixels, int size)
    {
        var red = new byte[pixels.Length / 3];
        for (int i = 0; i < red.Length; i += size) pixels.AsSpan(3 * i, size).CopyTo(red.AsSpan(i));
        return red;
    }

    private static int IndexOf(IReadOnlyList<string> classes, string? name) => classes.TakeWhile(other => other != name).Count();
}
