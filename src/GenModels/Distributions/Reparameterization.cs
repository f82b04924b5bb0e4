using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>Draws that gradients pass through: "differentiate the sample, not the act of sampling".</summary>
public static class Reparameterization
{
    /// <summary>Draws z = g(ε; φ), one value for each row.</summary>
    /// <param name="distribution">Any that is <see cref="IReparameterizable"/>.</param>
    /// <param name="generator">The source of ε.</param>
    /// <returns>Shape [n, d], with a gradient in the distribution's parameters; owned by the caller.</returns>
    /// <exception cref="ArgumentException">The distribution can't be reparameterised, as no discrete one can; the message says why.</exception>
    public static Tensor Sample(IDifferentiableDistribution distribution, RandomGenerator generator)
    {
        var continuous = Require(distribution);
        Guard.NotNull(generator);
        using var scope = NewDisposeScope();
        return continuous.Transform(continuous.Noise(generator)).MoveToOuterDisposeScope();
    }

    internal static IReparameterizable Require(IDifferentiableDistribution distribution) =>
        Guard.NotNull(distribution) as IReparameterizable ?? throw new ArgumentException(
            $"{distribution.GetType().Name} can't be reparameterised. Only a continuous distribution can be written as a differentiable map of " +
            "noise that does not depend on its parameters; a discrete draw is constant between its jumps, so its derivative is 0 and says " +
            $"nothing. Use {nameof(GradientEstimators)}.{nameof(GradientEstimators.ScoreFunction)}, or a continuous distribution.",
            nameof(distribution));
}
