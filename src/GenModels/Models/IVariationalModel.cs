using GenModels.Data;
using GenModels.Distributions;
using TorchSharp;

namespace GenModels;

/// <summary>
/// A model whose codes have the prior p(z) = N(0, I) and, given an example, the approximate posterior q(z|x) = N(μ(x), diag σ²(x)). Its
/// log-likelihood is bounded by draws of q(z|x).
/// </summary>
public interface IVariationalModel : ILatentModel
{
    /// <summary>q(z|x) of examples.</summary>
    /// <param name="examples">Shape [n, <see cref="ModelOptions.ExampleShape"/>], n ≥ 1, with their condition where the model has one.</param>
    /// <param name="generator">The source of what the likelihood draws of examples that describe a distribution, such as pixels that are probabilities.</param>
    /// <returns>μ and log σ², shape [n, <see cref="ILatentModel.CodeSize"/>]; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the model can't encode.</exception>
    DiagonalGaussian Posterior(Batch examples, torch.Generator generator);

    /// <summary>Prepares draws of q(z|x) for the log-likelihood of examples.</summary>
    /// <param name="examples">Shape [n, <see cref="ModelOptions.ExampleShape"/>], n ≥ 1, with their condition where the model has one.</param>
    /// <param name="generator">As for <see cref="Posterior"/>.</param>
    /// <returns>A proposal for these examples; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The examples have another shape or type, or values that the model can't encode.</exception>
    IImportanceProposal Propose(Batch examples, torch.Generator generator);
}
