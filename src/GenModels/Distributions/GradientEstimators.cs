using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>
/// Estimates ∇ E[f(z)] with respect to the parameters of the distribution that z is drawn from, in two ways, each with its variance
/// (Mohamed, Rosca, Figurnov and Mnih 2020, sections 4 and 5).
/// </summary>
public static class GradientEstimators
{
    /// <summary>The score-function estimator, or REINFORCE (Williams 1992): E[f(z) ∇ log q(z)]. It serves discrete distributions too, and any f.</summary>
    /// <param name="distribution">Where z comes from.</param>
    /// <param name="f">Maps draws [m, d] to one value a row, [m].</param>
    /// <param name="samples">How many draws, at least 2.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Mean and variance for each parameter; the caller disposes it.</returns>
    /// <exception cref="ArgumentException"><paramref name="f"/> gives another shape.</exception>
    public static GradientEstimate ScoreFunction(
        IDifferentiableDistribution distribution, Func<Tensor, Tensor> f, int samples, RandomGenerator generator)
    {
        Check(distribution, f, samples, generator);
        return Estimate(distribution, samples, many =>
        {
            var z = many.Sample(generator).detach();
            return many.LogProbability(z) * Values(f, z).detach();
        });
    }

    /// <summary>The pathwise estimator, by reparameterisation: E[∇ f(g(ε))]. It needs a continuous distribution and a differentiable f.</summary>
    /// <param name="distribution">Where z comes from; an <see cref="IReparameterizable"/> one.</param>
    /// <param name="f">Maps draws [m, d] to one value a row, [m], differentiably.</param>
    /// <param name="samples">How many draws, at least 2.</param>
    /// <param name="generator">The source of randomness.</param>
    /// <returns>Mean and variance for each parameter; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">
    /// The distribution can't be reparameterised, as no discrete one can, or <paramref name="f"/> gives another shape.
    /// </exception>
    public static GradientEstimate Pathwise(
        IDifferentiableDistribution distribution, Func<Tensor, Tensor> f, int samples, RandomGenerator generator)
    {
        Check(distribution, f, samples, generator);
        return Estimate(Reparameterization.Require(distribution), samples, many => Values(f, Reparameterization.Sample(many, generator)));
    }

    /// <summary>Moments of the gradients of one objective a draw, which are found together: every draw has a copy of the parameters.</summary>
    private static GradientEstimate Estimate(IDifferentiableDistribution distribution, int samples, Func<IDifferentiableDistribution, Tensor> objective)
    {
        using var scope = NewDisposeScope();
        using var withGraph = enable_grad();
        Tensor[] copies = [.. distribution.Parameters.Select(p => Copies(p, samples))];
        var values = objective(distribution.WithParameters(copies));
        var gradients = Gradients(values.sum(), copies).Zip(distribution.Parameters, (gradient, parameter) =>
            gradient.to(float64).view([samples, .. parameter.shape])).ToList();
        return new GradientEstimate(
            [.. gradients.Select(g => g.mean([0]).MoveToOuterDisposeScope())],
            [.. gradients.Select(g => g.var([0], unbiased: true).MoveToOuterDisposeScope())], samples);
    }

    private static Tensor Copies(Tensor parameter, int samples)
    {
        using var scope = NewDisposeScope();
        var copies = parameter.detach().unsqueeze(0).expand([samples, .. parameter.shape]).flatten(0, 1).clone();
        return copies.requires_grad_().MoveToOuterDisposeScope();
    }

    private static IEnumerable<Tensor> Gradients(Tensor objective, Tensor[] parameters) =>
        // libtorch ends the process when asked for the gradients of what has no graph.
        objective.requires_grad
            ? autograd.grad([objective], parameters, allow_unused: true).Zip(parameters, (g, p) => g.IsInvalid ? zeros_like(p) : g)
            : parameters.Select(p => zeros_like(p));

    private static Tensor Values(Func<Tensor, Tensor> f, Tensor z)
    {
        var values = f(z);
        return values.ndim == 1 && values.shape[0] == z.shape[0] ? values : throw new ArgumentException(
            $"The function maps {Guard.Shape(z.shape)} to {Guard.Shape(values.shape)}, expected [{z.shape[0]}]: one value a row.", nameof(f));
    }

    private static void Check(IDifferentiableDistribution distribution, Func<Tensor, Tensor> f, int samples, RandomGenerator generator)
    {
        Guard.NotNull(distribution);
        Guard.NotNull(f);
        Guard.AtLeast(samples, 2);
        Guard.NotNull(generator);
    }
}
