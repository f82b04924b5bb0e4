namespace GenModels.Data;

/// <summary>
/// A mixture of equally likely round Gaussians in the plane, whose modes are known: the usual test of whether a generative
/// adversarial network drops modes (Metz et al., "Unrolled Generative Adversarial Networks", 2017; Srivastava et al., "VEEGAN", 2017).
/// </summary>
public sealed class GaussianMixture2D
{
    private GaussianMixture2D((float X, float Y)[] centres, float standardDeviation)
    {
        Centres = Array.AsReadOnly(centres);
        StandardDeviation = Guard.Positive(standardDeviation);
    }

    /// <summary>The modes' centres.</summary>
    public IReadOnlyList<(float X, float Y)> Centres { get; }

    /// <summary>σ of each mode along each axis, σ &gt; 0.</summary>
    public float StandardDeviation { get; }

    /// <summary>Modes on a circle around the origin: mode i of n at the angle 2πi/n.</summary>
    /// <param name="modes">The number n of modes, at least 1.</param>
    /// <param name="radius">The circle's radius, finite and above 0.</param>
    /// <param name="standardDeviation">σ of each mode, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static GaussianMixture2D Ring(int modes = 8, float radius = 1, float standardDeviation = 0.01f)
    {
        Guard.AtLeast(modes, 1);
        Guard.Positive(radius);
        var centres = new (float, float)[modes];
        for (var i = 0; i < modes; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / modes);
            centres[i] = ((float)(radius * cos), (float)(radius * sin));
        }
        return new GaussianMixture2D(centres, standardDeviation);
    }

    /// <summary>Modes on a square grid around the origin, row by row from the lower left.</summary>
    /// <param name="side">The number of modes along each axis, in [1, 1000]: 5 gives the usual 25 modes.</param>
    /// <param name="spacing">The distance of neighbors, finite and above 0.</param>
    /// <param name="standardDeviation">σ of each mode, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public static GaussianMixture2D Grid(int side = 5, float spacing = 2, float standardDeviation = 0.05f)
    {
        Guard.Within(side, 1, 1000);
        Guard.Positive(spacing);
        var middle = (side - 1) / 2.0f;
        var centres = new (float, float)[side * side];
        for (var i = 0; i < centres.Length; i++)
            centres[i] = ((i % side - middle) * spacing, (i / side - middle) * spacing);
        return new GaussianMixture2D(centres, standardDeviation);
    }

    /// <summary>Draws independent points: examples of shape [2]. The same seed gives the same points.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1, or more than an array holds.</exception>
    public ArraySource Sample(int count, ulong seed) =>
        PlanarPoints.Draw(count, seed, StandardDeviation, random => Centres[random.NextInteger(Centres.Count)]);
}
