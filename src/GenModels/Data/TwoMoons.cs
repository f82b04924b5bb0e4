namespace GenModels.Data;

/// <summary>
/// Two interleaved half circles in the plane with Gaussian noise: the upper (cos t, sin t) and the lower (1 − cos t, ½ − sin t),
/// t uniform in [0, π), both equally likely. Unlike a mixture of Gaussians it has no modes, but a shape to follow.
/// </summary>
public sealed class TwoMoons
{
    /// <summary>Makes the distribution.</summary>
    /// <param name="noise">σ of the noise along each axis, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="noise"/> is outside its range.</exception>
    public TwoMoons(float noise = 0.05f)
    {
        if (!float.IsFinite(noise) || noise < 0)
            throw new ArgumentOutOfRangeException(nameof(noise), noise, "The noise must be a finite number of at least 0.");
        Noise = noise;
    }

    /// <summary>σ of the noise along each axis, σ ≥ 0.</summary>
    public float Noise { get; }

    /// <summary>Draws independent points: examples of shape [2]. The same seed gives the same points.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1, or more than an array holds.</exception>
    public ArraySource Sample(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Array.MaxLength / 2);
        var random = new Xoshiro256(seed);
        var values = new float[2 * count];
        for (var i = 0; i < values.Length; i += 2)
        {
            var isUpper = random.NextIndex(2) == 0;
            var (sin, cos) = Math.SinCos(Math.PI * random.NextUniform());
            var (x, y) = isUpper ? (cos, sin) : (1 - cos, 0.5 - sin);
            values[i] = (float)(x + Noise * random.NextNormal());
            values[i + 1] = (float)(y + Noise * random.NextNormal());
        }
        return new ArraySource(values, 2);
    }
}
