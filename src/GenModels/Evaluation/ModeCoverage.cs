using GenModels.Data;
using GenModels.Numerics;
using static TorchSharp.torch;

namespace GenModels.Evaluation;

/// <summary>
/// How a generator covers a mixture of round normal distributions with known centres, equally likely
/// (Srivastava et al. 2017, "VEEGAN", section 4.1; Lin et al. 2018, "PacGAN", section 4.1).
/// </summary>
/// <param name="Modes">How many modes the mixture has.</param>
/// <param name="Covered">How many of them have a sample of high quality: one closer to the centre than 3 standard deviations.</param>
/// <param name="HighQuality">The share of the samples that are of high quality, in [0, 1].</param>
/// <param name="Ceiling">
/// What <paramref name="HighQuality"/> the mixture itself has, where its modes lie far apart: 1 − e^−4.5 = 98.9 % in the plane. More than that
/// means that the samples have less spread than the data.
/// </param>
/// <param name="ReverseKl">
/// KL(p‖u) in nats, with p the shares of the samples that are nearest to each mode and u uniform: 0 for equal shares, log(modes) where all
/// samples are at one.
/// </param>
/// <param name="Counts">How many samples are nearest to each mode.</param>
public sealed record ModeCoverage(int Modes, int Covered, double HighQuality, double Ceiling, double ReverseKl, ValueList<long> Counts)
{
    private const double Near = 3;

    /// <summary>Counts the modes of a mixture in the plane.</summary>
    /// <param name="samples">Shape [n, 2].</param>
    /// <param name="mixture">The mixture.</param>
    /// <exception cref="ArgumentException">The samples have another shape, or a value is not finite.</exception>
    public static ModeCoverage Of(Tensor samples, GaussianMixture2D mixture)
    {
        Guard.NotNull(mixture);
        using var scope = NewDisposeScope();
        var centres = tensor(mixture.Centres.SelectMany(c => new[] { c.X, c.Y }).ToArray(), [mixture.Centres.Count, 2]);
        return Of(samples, centres, mixture.StandardDeviation);
    }

    /// <summary>Counts the modes of a mixture in any number of dimensions.</summary>
    /// <param name="samples">Shape [n, d].</param>
    /// <param name="centres">Shape [modes, d].</param>
    /// <param name="standardDeviation">σ of each mode along each axis, finite and above 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a value is not finite.</exception>
    public static ModeCoverage Of(Tensor samples, Tensor centres, double standardDeviation)
    {
        Guard.Positive(standardDeviation);
        using var scope = NewDisposeScope();
        var known = FeatureMatrix.Checked(centres, nameof(centres));
        var (nearest, distances) = Neighbours.Nearest(FeatureMatrix.Checked(samples, known, nameof(samples)), known);
        var (counts, good) = (new long[known.shape[0]], new long[known.shape[0]]);
        for (int i = 0; i < nearest.Length; i++)
        {
            counts[nearest[i]]++;
            if (distances[i] < Near * standardDeviation) good[nearest[i]]++;
        }
        double n = nearest.Length, modes = counts.Length;
        return new(
            counts.Length, good.Count(c => c > 0), good.Sum() / n,
            GammaFunctions.LowerRegularized(known.shape[1] / 2.0, Near * Near / 2),
            counts.Where(c => c > 0).Sum(c => c / n * Math.Log(c / n * modes)), ValueList.Create<long>(counts));
    }

    /// <summary>The finding in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Covered} of {Modes} modes, {HighQuality:P1} of the samples near one (the mixture itself: {Ceiling:P1}), reverse KL {ReverseKl:F3} nats");
}
