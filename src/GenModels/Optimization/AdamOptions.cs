using TorchSharp;

namespace GenModels.Optimization;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1).</summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>The decay of the mean of the gradients, β₁.</summary>
    /// <value>Default 0.9. Range: [0, 1).</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay of the mean of the squared gradients, β₂.</summary>
    /// <value>Default 0.999. Range: [0, 1).</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment, ε.</summary>
    /// <value>Default 1e−8. Range: greater than 0.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>The weight of ½‖w‖² in the objective: added to the gradient, as PyTorch's Adam does.</summary>
    /// <value>Default 0. Range: 0 or more.</value>
    public double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.InHalfOpen(Beta1, 0, 1);
        Guard.InHalfOpen(Beta2, 0, 1);
        Guard.Positive(Epsilon);
        Guard.NotNegative(WeightDecay);
    }

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<torch.Tensor> parameters) => new Adam(parameters, this);
}
