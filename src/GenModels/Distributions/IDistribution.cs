namespace GenModels.Distributions;

/// <summary>A probability distribution of any kind of outcome; implement <see cref="IDistribution{T}"/>.</summary>
public interface IDistribution;

/// <summary>A probability distribution that tells its density and can be sampled.</summary>
/// <typeparam name="T">The outcomes: <see cref="double"/>, a vector as <c>double[]</c>, or <see cref="int"/> for a discrete distribution.</typeparam>
public interface IDistribution<T> : IDistribution
{
    /// <summary>The logarithm of the density at a value, or of the probability of a discrete outcome, in nats; −∞ outside the support.</summary>
    /// <param name="value">An outcome.</param>
    double LogDensity(T value);

    /// <summary>Independent draws; the same seed gives the same draws.</summary>
    /// <param name="count">How many, at least 0.</param>
    /// <param name="seed">Any number.</param>
    T[] Sample(int count, ulong seed);
}
