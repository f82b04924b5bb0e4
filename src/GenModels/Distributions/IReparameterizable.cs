using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>
/// A continuous distribution whose draws are a differentiable function of its parameters and of noise that does not depend on them:
/// z = g(ε; φ), ε ~ p(ε) (Kingma and Welling 2014, section 2.4).
/// </summary>
public interface IReparameterizable : IDifferentiableDistribution
{
    /// <summary>Draws ε.</summary>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    Tensor Noise(RandomGenerator generator);

    /// <summary>g(ε; φ): gradients of the result reach the parameters.</summary>
    /// <param name="noise">ε, shape [n, d].</param>
    /// <returns>Shape [n, d], owned by the caller.</returns>
    Tensor Transform(Tensor noise);
}
