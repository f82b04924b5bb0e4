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
    public TwoMoons(float noise = 0.05f) => Noise = Guard.NotNegative(noise);

    /// <summary>σ of the noise along each axis, σ ≥ 0.</summary>
    public float Noise { get; }

    /// <summary>Draws independent points: examples of shape [2]. The same seed gives the same points.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1, or more than an array holds.</exception>
    public ArraySource Sample(int count, ulong seed) => PlanarPoints.Draw(count, seed, Noise, random =>
    {
        bool isUpper = random.NextInteger(2) == 0;
        var (sin, cos) = Math.SinCos(Math.PI * random.NextDouble());
        return isUpper ? (cos, sin) : (1 - cos, 0.5 - sin);
    });
}
