using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>A distribution for each row of its parameters, which are tensors, with a log-probability that is differentiable in them.</summary>
public interface IDifferentiableDistribution
{
    /// <summary>The parameters, each of shape [n, d]. The tensors are the distribution's own.</summary>
    IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>The same kind of distribution with other parameters.</summary>
    /// <param name="parameters">As many as <see cref="Parameters"/>, in that order, all of one shape; the new distribution takes them over.</param>
    IDifferentiableDistribution WithParameters(IReadOnlyList<Tensor> parameters);

    /// <summary>Draws one value for each row.</summary>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    Tensor Sample(RandomGenerator generator);

    /// <summary>The log-density, or the log-probability of a discrete value, summed over the dimensions, in nats.</summary>
    /// <param name="z">Shape [n, d].</param>
    /// <returns>Shape [n], owned by the caller.</returns>
    Tensor LogProbability(Tensor z);
}
