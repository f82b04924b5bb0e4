namespace GenModels.Distributions;

/// <summary>Fills arrays with draws.</summary>
internal static class Draw
{
    public static T[] Many<T>(int count, ulong seed, Func<RandomSequence, T> one)
    {
        var draws = new T[Guard.AtLeast(count, 0)];
        var random = new RandomGenerator(seed).Sequence();
        for (int i = 0; i < draws.Length; i++) draws[i] = one(random);
        return draws;
    }

    /// <summary>
    /// The logarithm of a gamma variate with rate 1 (Marsaglia and Tsang 2000). A shape below 1 comes from shape + 1 by a factor U^(1/shape),
    /// which would underflow without the logarithm.
    /// </summary>
    public static double LogGamma(RandomSequence random, double shape)
    {
        if (shape < 1) return LogGamma(random, shape + 1) - random.NextExponential() / shape;
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = random.NextNormal(), root = 1 + c * x;
            if (root <= 0) continue;
            double v = root * root * root;
            if (-random.NextExponential() < x * x / 2 + d * (1 - v + Math.Log(v))) return Math.Log(d * v);
        }
    }
}
