using System.Buffers.Binary;
using System.Text;

namespace GenModels.Fuzz;

/// <summary>Damages a file in one to three places.</summary>
internal static class Damage
{
    private const int Prefix = 8;

    // One character for each byte, whatever the bytes are.
    private static readonly Encoding Bytes = Encoding.Latin1;

    public static byte[] Apply(byte[] content, FileKind kind, Random random)
    {
        for (int places = 1 + Math.Max(0, random.Next(6) - 3); places > 0; places--)
            content = kind == FileKind.Binary || random.Next(3) == 0 ? ByteDamage.Apply(content, random) : OfText(content, kind, random);
        return content;
    }

    private static byte[] OfText(byte[] content, FileKind kind, Random random)
    {
        if (kind == FileKind.Text) return Bytes.GetBytes(TextDamage.Apply(Bytes.GetString(content), random));
        if (content.Length < Prefix) return ByteDamage.Apply(content, random);
        long length = Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(content), 0, content.Length - Prefix);
        var header = content.AsSpan(Prefix, (int)length);
        byte[] damaged = Bytes.GetBytes(TextDamage.Apply(Bytes.GetString(header), random));
        byte[] result = [.. content.AsSpan(0, Prefix), .. damaged, .. content.AsSpan(Prefix + header.Length)];
        // A length that fits lets the damage through to the parser of the text.
        if (random.Next(10) > 0) BinaryPrimitives.WriteInt64LittleEndian(result, damaged.Length);
        return result;
    }
}
