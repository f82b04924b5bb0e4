namespace GenModels.Data;

/// <summary>Draws points in the plane: a place, and normal noise along each axis around it.</summary>
internal static class PlanarPoints
{
    public static ArraySource Draw(int count, ulong seed, float noise, Func<RandomSequence, (double X, double Y)> place)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / 2);
        var random = new RandomGenerator(seed).Sequence();
        var values = new float[2 * count];
        for (int i = 0; i < values.Length; i += 2)
        {
            var (x, y) = place(random);
            values[i] = (float)(x + noise * random.NextNormal());
            values[i + 1] = (float)(y + noise * random.NextNormal());
        }
        return new ArraySource(values, 2);
    }
}
