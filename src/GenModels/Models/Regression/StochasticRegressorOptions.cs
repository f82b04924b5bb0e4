using System.Text.Json.Serialization;
using GenModels.Networks;
using GenModels.Optimization;

namespace GenModels;

/// <summary>Settings of a <see cref="StochasticRegressor"/>. Immutable; checked when a regressor is made of them.</summary>
public sealed record StochasticRegressorOptions
{
    /// <summary>The number of values of x.</summary>
    /// <value>Default 1. Range: at least 1.</value>
    public int Inputs { get; init; } = 1;

    /// <summary>The number of values of y.</summary>
    /// <value>Default 1. Range: at least 1.</value>
    public int Outputs { get; init; } = 1;

    /// <summary>The widths of the hidden layers, of each network.</summary>
    /// <value>Default [64]. Every width at least 1.</value>
    public ValueList<int> Hidden { get; init; } = [64];

    /// <summary>Applied after each hidden layer.</summary>
    /// <value>Default <see cref="Networks.Activation.Tanh"/>.</value>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Whether μ(x) and σ(x) share their hidden layers or have a network each.</summary>
    /// <value>Default <see cref="EncoderLayout.SharedTrunk"/>.</value>
    public EncoderLayout Layout { get; init; } = EncoderLayout.SharedTrunk;

    /// <summary>What training minimizes.</summary>
    /// <value>Default <see cref="RegressionObjective.Likelihood"/>.</value>
    public RegressionObjective Objective { get; init; } = RegressionObjective.Likelihood;

    /// <summary>Where the weights start.</summary>
    /// <value>Default <see cref="Initialization.Default"/>.</value>
    public Initialization Initialization { get; init; } = Initialization.Default;

    /// <summary>How the weights follow their gradients.</summary>
    /// <value>Default Adam at 0.001.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>Decides the initial weights and the noise of training.</summary>
    /// <value>Default 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public void Validate()
    {
        Guard.AtLeast(Inputs, 1);
        Guard.AtLeast(Outputs, 1);
        foreach (int width in Guard.NotNull(Hidden)) Guard.AtLeast(width, 1, nameof(Hidden));
        Guard.Defined(Activation);
        Guard.Defined(Layout);
        Guard.Defined(Objective);
        Guard.Defined(Initialization);
        Guard.NotNull(Optimizer).Validate();
    }
}

/// <summary>What a stochastic regressor minimizes, for y' = μ(x) + σ(x)·ε.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RegressionObjective>))]
public enum RegressionObjective
{
    /// <summary>
    /// ‖y − y'‖² for one draw y' an example. Its expectation is ‖y − μ(x)‖² + Σ σ²(x): the noise can only add to it, so training shrinks
    /// σ towards 0 whatever the spread of the data, and what remains is ordinary regression.
    /// </summary>
    LeastSquares,

    /// <summary>−log N(y; μ(x), diag σ²(x)) in nats, whose minimum has the spread of the data in σ(x) (Nix and Weigend 1994).</summary>
    Likelihood,
}
