using System.Collections.Concurrent;
using GenModels.Distributions;

namespace GenModels.Divergences;

/// <summary>
/// Relative entropy KL(p‖q) = E_p[log p(x) − log q(x)] between parametric distributions, in nats: closed forms kept by pair of types, and a
/// Monte-Carlo estimate for any other pair.
/// </summary>
/// <remarks>
/// Known pairs: both normal, diagonal normal, multivariate normal (also with diagonal), Bernoulli, categorical, uniform, exponential, Laplace,
/// gamma, beta. <see cref="Register"/> adds to them.
/// </remarks>
public static class KullbackLeibler
{
    private static readonly ConcurrentDictionary<(Type, Type), Func<IDistribution, IDistribution, double>> Forms = new();

    static KullbackLeibler()
    {
        Register<NormalDistribution, NormalDistribution>(ClosedForms.Normal);
        Register<DiagonalNormalDistribution, DiagonalNormalDistribution>(ClosedForms.DiagonalNormal);
        Register<MultivariateNormalDistribution, MultivariateNormalDistribution>(ClosedForms.MultivariateNormal);
        Register<DiagonalNormalDistribution, MultivariateNormalDistribution>((p, q) => ClosedForms.MultivariateNormal(new(p), q));
        Register<MultivariateNormalDistribution, DiagonalNormalDistribution>((p, q) => ClosedForms.MultivariateNormal(p, new(q)));
        Register<BernoulliDistribution, BernoulliDistribution>(ClosedForms.Bernoulli);
        Register<CategoricalDistribution, CategoricalDistribution>(ClosedForms.Categorical);
        Register<UniformDistribution, UniformDistribution>(ClosedForms.Uniform);
        Register<ExponentialDistribution, ExponentialDistribution>(ClosedForms.Exponential);
        Register<LaplaceDistribution, LaplaceDistribution>(ClosedForms.Laplace);
        Register<GammaDistribution, GammaDistribution>(ClosedForms.Gamma);
        Register<BetaDistribution, BetaDistribution>(ClosedForms.Beta);
    }

    /// <summary>KL(p‖q) by its closed form: at least 0, exactly 0 for equal parameters, +∞ where p has mass outside the support of q.</summary>
    /// <param name="p">The reference.</param>
    /// <param name="q">The model.</param>
    /// <exception cref="NotSupportedException">No closed form is registered for the pair of types; the message names both.</exception>
    /// <exception cref="ArgumentException">The distributions have different numbers of dimensions or outcomes.</exception>
    public static double Between(IDistribution p, IDistribution q) => Find(p, q) is { } form
        ? form(p, q)
        : throw new NotSupportedException(
            $"No closed form of KL(p‖q) is registered for p of type {p.GetType().Name} and q of type {q.GetType().Name}. " +
            $"Add one with {nameof(KullbackLeibler)}.{nameof(Register)}, or estimate it with {nameof(Estimate)} or {nameof(BetweenOrEstimate)}.");

    /// <summary>The closed form where there is one, with a standard error of 0, and else the Monte-Carlo estimate.</summary>
    /// <inheritdoc cref="Estimate" path="/typeparam|/param|/exception"/>
    public static DivergenceEstimate BetweenOrEstimate<T>(IDistribution<T> p, IDistribution<T> q, int samples, ulong seed) =>
        Find(p, q) is { } form ? new(form(p, q), 0) : Estimate(p, q, samples, seed);

    /// <summary>Monte-Carlo estimate of KL(p‖q): the mean of log p(x) − log q(x) over draws x ~ p, and its standard error.</summary>
    /// <remarks>
    /// Unbiased, so that it can come out below 0 by a few standard errors where the truth is near 0. A draw at which q has no density
    /// makes it +∞, with a standard error of NaN.
    /// </remarks>
    /// <typeparam name="T">The outcomes.</typeparam>
    /// <param name="p">The reference, which is sampled.</param>
    /// <param name="q">The model.</param>
    /// <param name="samples">How many draws, at least 2.</param>
    /// <param name="seed">Decides the draws; the same seed gives the same estimate.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is less than 2.</exception>
    public static DivergenceEstimate Estimate<T>(IDistribution<T> p, IDistribution<T> q, int samples, ulong seed)
    {
        Guard.NotNull(p);
        Guard.NotNull(q);
        Guard.AtLeast(samples, 2);
        double mean = 0, squares = 0;
        int count = 0;
        foreach (T x in p.Sample(samples, seed))
        {
            double term = p.LogDensity(x) - q.LogDensity(x);
            if (double.IsPositiveInfinity(term)) return new(term, double.NaN);
            // Welford's update: the variance without cancellation.
            double delta = term - mean;
            mean += delta / ++count;
            squares += delta * (term - mean);
        }
        return new(mean, Math.Sqrt(squares / (count - 1) / count));
    }

    /// <summary>Adds the closed form for a pair of types, or replaces it. It holds for exactly these types, in this order, in the whole process.</summary>
    /// <typeparam name="TP">The type of the reference p.</typeparam>
    /// <typeparam name="TQ">The type of the model q.</typeparam>
    /// <param name="closedForm">Computes KL(p‖q) in nats.</param>
    public static void Register<TP, TQ>(Func<TP, TQ, double> closedForm) where TP : IDistribution where TQ : IDistribution
    {
        ArgumentNullException.ThrowIfNull(closedForm);
        Forms[(typeof(TP), typeof(TQ))] = (p, q) => closedForm((TP)p, (TQ)q);
    }

    private static Func<IDistribution, IDistribution, double>? Find(IDistribution p, IDistribution q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        return Forms.GetValueOrDefault((p.GetType(), q.GetType()));
    }
}
