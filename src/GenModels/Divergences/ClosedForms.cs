using GenModels.Distributions;
using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// KL(p‖q) within each family (Gil, Alajaji and Linder 2013, table 2; for the normals Duchi, <i>Derivations for Linear Algebra and
/// Optimization</i>, section 9), rearranged into parts that are non-negative one by one and vanish for equal parameters.
/// </summary>
internal static class ClosedForms
{
    public static double Normal(NormalDistribution p, NormalDistribution q) =>
        Normal(p.Mean, p.StandardDeviation, q.Mean, q.StandardDeviation);

    public static double DiagonalNormal(DiagonalNormalDistribution p, DiagonalNormalDistribution q)
    {
        Guard.SameLength(q.Dimensions, p.Dimensions, nameof(q), nameof(p));
        var sum = new CompensatedSum();
        for (int i = 0; i < p.Dimensions; i++) sum.Add(Normal(p.Means[i], p.StandardDeviations[i], q.Means[i], q.StandardDeviations[i]));
        return sum.Value;
    }

    /// <summary>
    /// With the Cholesky factors of both covariances and A = Lq⁻¹·Lp, the trace is the sum of A's squares and the determinants' ratio
    /// the square of the product of its diagonal.
    /// </summary>
    public static double MultivariateNormal(MultivariateNormalDistribution p, MultivariateNormalDistribution q)
    {
        Guard.SameLength(q.Dimensions, p.Dimensions, nameof(q), nameof(p));
        int n = p.Dimensions;
        var sum = new CompensatedSum();
        for (int column = 0; column < n; column++)
        {
            double[] ratios = q.Factor.Solve(p.Factor.Column(column));
            sum.Add(SquareAboveLogarithm(ratios[column], 1) / 2);
            for (int row = column + 1; row < n; row++) sum.Add(ratios[row] * ratios[row] / 2);
        }

        var shift = new double[n];
        for (int i = 0; i < n; i++) shift[i] = p.Means[i] - q.Means[i];
        foreach (double z in q.Factor.Solve(shift)) sum.Add(z * z / 2);
        return sum.Value;
    }

    public static double Bernoulli(BernoulliDistribution p, BernoulliDistribution q)
    {
        double difference = q.Probability - p.Probability;
        return Terms.KullbackLeibler(new(p.Probability, q.Probability, difference))
            + Terms.KullbackLeibler(new(1 - p.Probability, 1 - q.Probability, -difference));
    }

    public static double Categorical(CategoricalDistribution p, CategoricalDistribution q) =>
        Divergence.KullbackLeibler(p.ProbabilitySpan, q.ProbabilitySpan);

    public static double Uniform(UniformDistribution p, UniformDistribution q)
    {
        if (p.Lower < q.Lower || p.Upper > q.Upper) return double.PositiveInfinity;
        // In halves where the ends are too far apart for a double.
        double unit = double.IsFinite(q.Upper - q.Lower) ? 1 : 0.5;
        double margins = unit * p.Lower - unit * q.Lower + (unit * q.Upper - unit * p.Upper), ratio = margins / (unit * p.Upper - unit * p.Lower);
        return double.IsFinite(ratio) ? Elementary.Log1P(ratio) : q.LogWidth - p.LogWidth;
    }

    public static double Exponential(ExponentialDistribution p, ExponentialDistribution q) =>
        RatioAboveLogarithm(new(p.Rate, q.Rate, q.Rate - p.Rate));

    /// <summary>r − 1 − log r + r·(exp(−x) − 1 + x) with r the ratio of the scales, and x how many of p's scales lie between the means.</summary>
    public static double Laplace(LaplaceDistribution p, LaplaceDistribution q)
    {
        double scales = RatioAboveLogarithm(new(q.Scale, p.Scale, p.Scale - q.Scale));
        if (p.Mean == q.Mean) return scales;
        double x = Math.Abs(Elementary.DifferenceOver(p.Mean, q.Mean, p.Scale)), ratio = p.Scale / q.Scale;
        if (x <= 1) return scales + ratio * Elementary.ExpM1MinusX(-x);
        return scales + Math.Abs(Elementary.DifferenceOver(p.Mean, q.Mean, q.Scale)) + ratio * Elementary.ExpM1(-x);
    }

    /// <summary>
    /// The divergence between the shapes, each with the rate that gives the same mean, and what the means add to it. As with the betas,
    /// differences are taken where they are exact and passed on.
    /// </summary>
    public static double Gamma(GammaDistribution p, GammaDistribution q)
    {
        var means = Outcome.Of(ScaledNumber.Of(p.Rate) * ScaledNumber.Of(q.Shape), ScaledNumber.Of(q.Rate) * ScaledNumber.Of(p.Shape));
        return GammaFunctions.DepartureAboveTangent(p.Shape, q.Shape, q.Shape - p.Shape) + q.Shape * RatioAboveLogarithm(means);
    }

    /// <summary>
    /// log B(α, β) is a sum of x·log x, whose part is a divergence between two coins, and of the gamma function's departures from it.
    /// </summary>
    public static double Beta(BetaDistribution p, BetaDistribution q)
    {
        double total = p.Alpha + p.Beta, otherTotal = q.Alpha + q.Beta;
        double coins = otherTotal * Divergence.KullbackLeibler([q.Alpha, q.Beta], [p.Alpha, p.Beta], normalize: true);
        double step = q.Alpha - p.Alpha, otherStep = q.Beta - p.Beta;
        double departures = GammaFunctions.DepartureAboveTangent(p.Alpha, q.Alpha, step)
            + GammaFunctions.DepartureAboveTangent(p.Beta, q.Beta, otherStep)
            - GammaFunctions.DepartureAboveTangent(total, otherTotal, step + otherStep);
        return Math.Max(0, coins + departures);
    }

    private static double Normal(double mean, double deviation, double otherMean, double otherDeviation)
    {
        double z = Elementary.DifferenceOver(mean, otherMean, otherDeviation);
        return (SquareAboveLogarithm(deviation, otherDeviation) + z * z) / 2;
    }

    /// <summary>r² − 1 − log r² with r = a/b.</summary>
    private static double SquareAboveLogarithm(double a, double b)
    {
        double r = a / b, t = (a - b) / b * (r + 1);
        if (t is >= -0.5 and <= 1) return Elementary.XMinusLog1P(t);
        return r * r - 1 - 2 * (double.IsNormal(r) ? Math.Log(r) : Math.Log(a) - Math.Log(b));
    }

    /// <summary>r − 1 − log r with r = b/a.</summary>
    private static double RatioAboveLogarithm(Outcome o) =>
        o.IsNear ? Elementary.XMinusLog1P(o.RelativeDifference) : o.RelativeDifference - o.LogRatio;
}
