namespace GenModels.Tests.Data;

/// <summary>Small files in CIFAR's format.</summary>
internal static class CifarBytes
{
    public const int Pixels = 3072;

    /// <summary>Images of a color each, (10·i, 10·i + 1, 10·i + 2), with the labels of each before it.</summary>
    public static byte[] Images(params byte[][] labels) =>
        [.. labels.SelectMany((l, i) => l.Concat(Enumerable.Range(0, Pixels).Select(p => (byte)(10 * i + p / 1024))))];

    /// <summary>The six files of CIFAR-10, with one image each, the label of which is the file's number; that of the test file is 9.</summary>
    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        for (byte i = 1; i <= 5; i++) File.WriteAllBytes(Path.Combine(folder, $"data_batch_{i}.bin"), Images([i]));
        File.WriteAllBytes(Path.Combine(folder, "test_batch.bin"), Images([9]));
    }
}
