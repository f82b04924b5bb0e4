namespace GenModels.Reporting;

/// <summary>A grid of cells, each with one image or several below each other, painted into one array of red, green and blue.</summary>
internal sealed class GridCanvas
{
    private const byte Background = 96;

    private readonly int _count;
    private readonly int _imageHeight;
    private readonly int _imageWidth;
    private readonly int _columns;
    private readonly int _scale;
    private readonly int _gap;
    private readonly int _cellHeight;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _pixels;
    private bool _isGrey = true;

    /// <exception cref="ArgumentException">A number is below 1, or the picture would be larger than an array.</exception>
    public GridCanvas(int count, int height, int width, int? columns, int scale, int imagesPerCell, int gap, int rowGap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns ?? 1, 1, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        _columns = Math.Min(count, columns ?? (int)Math.Ceiling(Math.Sqrt((double)count * imagesPerCell)));
        (_count, _imageHeight, _imageWidth, _scale, _gap) = (count, height, width, scale, gap);

        var rows = (count + _columns - 1) / _columns;
        var cellHeight = (double)imagesPerCell * ((double)height * scale + gap) - gap + rowGap;
        var pictureWidth = _columns * ((double)width * scale + gap) + gap;
        var pictureHeight = rows * cellHeight - rowGap + 2 * gap;
        if (3 * pictureWidth * pictureHeight > Array.MaxLength)
        {
            throw new ArgumentException(
                $"The picture would have {pictureWidth}×{pictureHeight} pixels, expected at most {Array.MaxLength / 3} in all. Show fewer images, or use a smaller scale.",
                nameof(count));
        }
        (_cellHeight, _width, _height) = ((int)cellHeight, (int)pictureWidth, (int)pictureHeight);
        _pixels = new byte[3 * _width * _height];
        _pixels.AsSpan().Fill(Background);
    }

    /// <summary>Paints one image into every cell, at a position counted from the cell's top: grey, or planes of red, green and blue.</summary>
    public void Draw(ReadOnlySpan<float> images, int position)
    {
        var plane = _imageHeight * _imageWidth;
        var size = images.Length / _count;
        _isGrey &= size == plane;
        for (var i = 0; i < _count; i++)
        {
            var left = _gap + i % _columns * (_imageWidth * _scale + _gap);
            var top = _gap + i / _columns * _cellHeight + position * (_imageHeight * _scale + _gap);
            for (var row = 0; row < _imageHeight; row++)
            {
                var image = images.Slice(i * size, size);
                var (red, green, blue) = (row * _imageWidth, (size == plane ? 0 : plane) + row * _imageWidth, size - plane + row * _imageWidth);
                DrawRow(image.Slice(red, _imageWidth), image.Slice(green, _imageWidth), image.Slice(blue, _imageWidth), left, top + row * _scale);
            }
        }
    }

    public byte[] ToPng()
    {
        using var picture = new MemoryStream();
        PngWriter.Write(picture, _isGrey ? Grey() : _pixels, _width, _height);
        return picture.ToArray();
    }

    private byte[] Grey()
    {
        var grey = new byte[_width * _height];
        for (var i = 0; i < grey.Length; i++)
            grey[i] = _pixels[3 * i];
        return grey;
    }

    private void DrawRow(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, int left, int top)
    {
        var start = 3 * (top * _width + left);
        var line = _pixels.AsSpan(start, 3 * red.Length * _scale);
        for (var i = 0; i < red.Length; i++)
        {
            var square = line.Slice(3 * i * _scale, 3 * _scale);
            if (float.IsNaN(red[i]) || float.IsNaN(green[i]) || float.IsNaN(blue[i]))
                FillRed(square);
            else
                Fill(square, Level(red[i]), Level(green[i]), Level(blue[i]));
        }
        for (var copy = 1; copy < _scale; copy++)
            line.CopyTo(_pixels.AsSpan(start + 3 * copy * _width));
    }

    private static byte Level(float value) => (byte)MathF.Round(255 * Math.Clamp(value, 0, 1));

    private static void Fill(Span<byte> pixels, byte red, byte green, byte blue)
    {
        for (var i = 0; i < pixels.Length; i += 3)
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (red, green, blue);
    }

    private void FillRed(Span<byte> pixels)
    {
        _isGrey = false;
        Fill(pixels, 255, 0, 0);
    }
}
