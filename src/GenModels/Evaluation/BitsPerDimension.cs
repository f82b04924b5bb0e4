namespace GenModels.Evaluation;

/// <summary>The unit in which likelihoods of images are published: bits for each value of an example.</summary>
public static class BitsPerDimension
{
    /// <summary>nats/(D·log 2).</summary>
    /// <param name="nats">Minus the log-likelihood of discrete values, such as 8-bit pixels, or a bound of it, in nats per example.</param>
    /// <param name="dimensions">D, the number of values in an example, at least 1: 3,072 for 32×32 pixels in color.</param>
    /// <returns>
    /// Bits per dimension; 8 is what 8-bit pixels cost that nothing is known of. Of a density of values in [0, 1] the levels of a pixel lie 1/256 apart: 8 more
    /// than this (Theis, van den Oord and Bethge 2016, section 3.1).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is less than 1.</exception>
    public static double Of(double nats, long dimensions) => nats / (Guard.Positive(dimensions) * Math.Log(2));
}
