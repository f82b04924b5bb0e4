using System.Globalization;
using System.IO.Compression;

namespace GenModels.Data;

/// <summary>Reads the handwritten digits that the assembly carries: per line, 64 pixels from 0 to 16 and the label.</summary>
internal static class Digits
{
    public const int TrainCount = 1500;

    private const int Side = 8;
    private const int Count = 1797;
    private const byte MaxValue = 16;

    public static DataSplit Read()
    {
        var pixels = new byte[Count * Side * Side];
        var labels = new byte[Count];
        using var resource = typeof(Digits).Assembly.GetManifestResourceStream("digits.csv.gz")
            ?? throw new InvalidOperationException("The assembly lacks its resource 'digits.csv.gz'.");
        using var text = new StreamReader(new GZipStream(resource, CompressionMode.Decompress));
        for (var i = 0; text.ReadLine() is { } line; i++)
            labels[i] = ReadImage(line, pixels.AsSpan(i * Side * Side, Side * Side));
        var all = new ImageSet(DataStore.DigitsName, Side, Side, pixels, labels, MaxValue);
        return new DataSplit(all.Take(TrainCount), all.Slice(TrainCount, Count - TrainCount));
    }

    private static byte ReadImage(ReadOnlySpan<char> line, Span<byte> pixels)
    {
        var column = 0;
        byte label = 0;
        foreach (var range in line.Split(','))
        {
            var value = byte.Parse(line[range], CultureInfo.InvariantCulture);
            if (column < pixels.Length)
                pixels[column] = value;
            else
                label = value;
            column++;
        }
        return label;
    }
}
