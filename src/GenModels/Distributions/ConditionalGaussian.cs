using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels.Distributions;

/// <summary>
/// The conditional form of reparameterisation: y = μ(x) + σ(x)·ε, with μ and log σ² as outputs of one network, μ(x; θ) and σ(x; θ), or of a
/// network each, μ(x; θ) and σ(x; φ).
/// </summary>
public sealed class ConditionalGaussian : nn.Module<Tensor, DiagonalGaussian>
{
    // In an array, since a field that is a module would be registered a second time where this module becomes part of another.
    private readonly nn.Module<Tensor, Tensor>[] _heads;

    /// <summary>Makes the networks with random weights.</summary>
    /// <param name="inputs">The number of values of x.</param>
    /// <param name="hidden">The widths of the hidden layers, of each network; none makes a linear map.</param>
    /// <param name="outputs">The number of values of y.</param>
    /// <param name="layout">Whether the heads share a network.</param>
    /// <param name="activation">Applied after each hidden layer.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    public ConditionalGaussian(
        long inputs, IReadOnlyList<int> hidden, long outputs, EncoderLayout layout, Activation activation, Initialization initialization,
        RandomGenerator generator) : base(nameof(ConditionalGaussian))
    {
        Guard.AtLeast(outputs, 1);
        Guard.Defined(layout);
        using var scope = NewDisposeScope();
        var heads = GaussianHeads.Create(
            layout, outputs, count => new Mlp(inputs, hidden, count, activation, Activation.Identity, initialization, generator)).OnDevice(CPU);
        _heads = [heads];
        register_module("heads", heads);
    }

    /// <summary>Maps x to [n, 2·outputs], μ before log σ².</summary>
    internal nn.Module<Tensor, Tensor> Heads => _heads[0];

    /// <summary>The distribution of y for each x.</summary>
    /// <param name="input">x, shape [n, inputs].</param>
    /// <returns>Parameters of shape [n, outputs], through which gradients reach the weights; the caller disposes it.</returns>
    public override DiagonalGaussian forward(Tensor input)
    {
        Guard.NotNull(input);
        using var scope = NewDisposeScope();
        var distribution = GaussianHeads.Split(Heads.call(input));
        distribution.Mean.MoveToOuterDisposeScope();
        distribution.LogVariance.MoveToOuterDisposeScope();
        return distribution;
    }
}
