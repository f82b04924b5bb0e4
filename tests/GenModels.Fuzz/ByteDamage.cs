using System.Buffers.Binary;

namespace GenModels.Fuzz;

/// <summary>Damages bytes without regard to what they mean.</summary>
internal static class ByteDamage
{
    private const int LongestRange = 512;

    private static readonly long[] Extremes =
    [
        0, 1, -1, 2, 127, 128, 255, 256, 32_767, 65_535, 1 << 24, 100_000_000, 100_000_001, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32,
        1L << 40, long.MaxValue, long.MinValue,
    ];

    public static byte[] Apply(byte[] content, Random random)
    {
        if (content.Length == 0) return [(byte)random.Next(256)];
        int at = Position(content.Length, random);
        int length = random.Next(1, Math.Min(content.Length - at, LongestRange) + 1);
        var range = content.AsSpan(at, length);
        switch (random.Next(9))
        {
            case 0: return Changed(content, c => c[at] ^= (byte)(1 << random.Next(8)));
            case 1: return Changed(content, c => { for (int i = random.Next(2, 9); i > 0; i--) c[Position(c.Length, random)] ^= (byte)(1 << random.Next(8)); });
            case 2: return Changed(content, c => c[at] = (byte)random.Next(256));
            case 3: return content[..at];
            case 4: return [.. content.AsSpan(0, at), .. content.AsSpan(at + length)];
            case 5: return [.. content.AsSpan(0, at + length), .. range, .. content.AsSpan(at + length)];
            case 6: return [.. content.AsSpan(0, at), .. Noise(length, random), .. content.AsSpan(at)];
            case 7: return Changed(content, c => content.AsSpan(at, length).CopyTo(c.AsSpan(Position(c.Length - length + 1, random))));
            default: return Changed(content, c => WriteExtreme(c.AsSpan(at), random));
        }
    }

    // Most of what can go wrong stands at the start.
    private static int Position(int length, Random random) => random.Next(Math.Min(length, random.Next(3) switch { 0 => 32, 1 => 2048, _ => length }));

    private static byte[] Noise(int length, Random random)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Changed(byte[] content, Action<byte[]> change)
    {
        byte[] copy = [.. content];
        change(copy);
        return copy;
    }

    private static void WriteExtreme(Span<byte> target, Random random)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Extremes[random.Next(Extremes.Length)]);
        var part = number[..(1 << random.Next(4))];
        if (random.Next(2) == 0) part.Reverse();
        part[..Math.Min(part.Length, target.Length)].CopyTo(target);
    }
}
