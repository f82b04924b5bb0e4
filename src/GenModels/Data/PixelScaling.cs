using System.Numerics;
using System.Runtime.InteropServices;

namespace GenModels.Data;

/// <summary>Turns bytes into floats in [0, 1].</summary>
internal static class PixelScaling
{
    /// <summary>
    /// Writes <c>(float)b / maxValue</c> for every byte b.
    /// It divides: a product with 1 / 255 is off by one unit in the last place for some bytes, IEEE division never is,
    /// and a vector of quotients is faster than as many look-ups in a table of 256 floats.
    /// </summary>
    public static void Scale(ReadOnlySpan<byte> source, float maxValue, Span<float> destination)
    {
        var block = Vector<byte>.Count;
        if (source.Length < block)
        {
            for (var i = 0; i < source.Length; i++)
                destination[i] = source[i] / maxValue;
            return;
        }

        var divisor = new Vector<float>(maxValue);
        var last = source.Length - block;
        for (var i = 0; i < last; i += block)
            ScaleBlock(source.Slice(i, block), divisor, destination.Slice(i, block));
        // The last block ends with the source, and may repeat a part of the one before.
        ScaleBlock(source[last..], divisor, destination.Slice(last, block));
    }

    private static void ScaleBlock(ReadOnlySpan<byte> source, Vector<float> divisor, Span<float> destination)
    {
        Vector.Widen(new Vector<byte>(source), out var low, out var high);
        Vector.Widen(low, out var first, out var second);
        Vector.Widen(high, out var third, out var fourth);
        var quotients = MemoryMarshal.Cast<float, Vector<float>>(destination);
        quotients[0] = Quotient(first, divisor);
        quotients[1] = Quotient(second, divisor);
        quotients[2] = Quotient(third, divisor);
        quotients[3] = Quotient(fourth, divisor);
    }

    // A byte fits a signed integer, whose conversion is one instruction everywhere.
    private static Vector<float> Quotient(Vector<uint> values, Vector<float> divisor) =>
        Vector.ConvertToSingle(Vector.AsVectorInt32(values)) / divisor;
}
