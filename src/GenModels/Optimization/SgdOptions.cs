using TorchSharp;

namespace GenModels.Optimization;

/// <summary>
/// Stochastic gradient descent with classical momentum (Sutskever et al. 2013, equations 1 and 2): v ← μ·v − ε·g, w ← w + v. Momentum μ
/// goes on a line from <see cref="Momentum"/> to <see cref="FinalMomentum"/>.
/// </summary>
/// <remarks>
/// The recipe of Goodfellow et al. (2014): learning rate 0.1, an <see cref="ExponentialSchedule"/> with the factor 1/1.000004 and the least part
/// 1e−5, momentum 0.5, final momentum 0.7, momentum steps 250 epochs of 500 steps.
/// </remarks>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>The part of the last update that the next one keeps, μ, at the first step.</summary>
    /// <value>Default 0: no momentum. Range: [0, 1).</value>
    public double Momentum { get; init; }

    /// <summary>The momentum from step <see cref="MomentumSteps"/> on; null keeps <see cref="Momentum"/>.</summary>
    /// <value>Default null. Range: [0, 1).</value>
    public double? FinalMomentum { get; init; }

    /// <summary>The number of steps on which momentum goes from its first to its final value.</summary>
    /// <value>Default 1. Range: at least 1.</value>
    public long MomentumSteps { get; init; } = 1;

    /// <summary>The weight of ½‖w‖² in the objective: added to the gradient.</summary>
    /// <value>Default 0. Range: 0 or more.</value>
    public double WeightDecay { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Guard.InHalfOpen(Momentum, 0, 1);
        if (FinalMomentum is { } final) Guard.InHalfOpen(final, 0, 1, nameof(FinalMomentum));
        Guard.AtLeast(MomentumSteps, 1);
        Guard.NotNegative(WeightDecay);
    }

    internal double MomentumAt(long step) =>
        Momentum + ((FinalMomentum ?? Momentum) - Momentum) * Math.Min(1, (double)step / MomentumSteps);

    /// <inheritdoc/>
    public override Optimizer Create(IReadOnlyList<torch.Tensor> parameters) => new Sgd(parameters, this);
}
