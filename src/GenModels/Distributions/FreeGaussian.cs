using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>The joint form of reparameterisation: y = μ + σ·ε with μ and log σ² as free parameters, the same for every draw.</summary>
/// <remarks>Its parameters are named <c>mean</c> and <c>log_variance</c>.</remarks>
public sealed class FreeGaussian : nn.Module<long, DiagonalGaussian>
{
    /// <summary>Starts at N(0, I).</summary>
    /// <param name="dimensions">The number of dimensions of y, at least 1.</param>
    public FreeGaussian(long dimensions) : base(nameof(FreeGaussian))
    {
        Guard.AtLeast(dimensions, 1);
        foreach (string name in new[] { "mean", "log_variance" })
        {
            var parameter = new Parameter(zeros(dimensions));
            parameter.DetachFromDisposeScope();
            register_parameter(name, parameter);
        }
    }

    /// <summary>The distribution, once for each draw.</summary>
    /// <param name="input">How many draws, at least 1.</param>
    /// <returns>Parameters of shape [draws, dimensions], through which gradients reach μ and log σ²; the caller disposes it.</returns>
    public override DiagonalGaussian forward(long input)
    {
        Guard.AtLeast(input, 1);
        return new DiagonalGaussian(Rows("mean", input), Rows("log_variance", input));
    }

    private Tensor Rows(string name, long count)
    {
        var parameter = get_parameter(name) ?? throw new InvalidOperationException($"The distribution has no {name}.");
        return parameter.expand(count, parameter.shape[0]);
    }
}
