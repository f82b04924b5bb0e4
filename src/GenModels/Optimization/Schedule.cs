using System.Text.Json.Serialization;
using GenModels.Numerics;

namespace GenModels.Optimization;

/// <summary>What a setting, such as the learning rate, is multiplied with at each step of training. Immutable; checked when a model is made.</summary>
/// <remarks>
/// A schedule is a function of the number of steps taken so far, t = 0, 1, …, so a run that goes on needs nothing but that number. Derive from it
/// for one of your own, and <see cref="StoredTypes.Register{TBase, T}"/> it so that files can hold it.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(ExponentialSchedule), "exponential")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(WarmUpSchedule), "warm-up")]
[JsonDerivedType(typeof(SequentialSchedule), "sequential")]
public abstract record Schedule
{
    /// <summary>Throws where a setting lies outside its range.</summary>
    /// <exception cref="ArgumentException">A setting lies outside its range; the message names value and range.</exception>
    public virtual void Validate() { }

    /// <summary>What the setting is multiplied with after <paramref name="step"/> steps, 0 at the first; 0 or more.</summary>
    public abstract double FactorAt(long step);
}

/// <summary>1 at every step.</summary>
public sealed record ConstantSchedule : Schedule
{
    /// <inheritdoc/>
    public override double FactorAt(long step) => 1;
}

/// <summary>Falls in stairs: <see cref="Factor"/>^⌊t/<see cref="Every"/>⌋, PyTorch's StepLR.</summary>
public sealed record StepSchedule : Schedule
{
    /// <summary>The number of steps on one stair.</summary>
    /// <value>Default 1,000. Range: at least 1.</value>
    public long Every { get; init; } = 1_000;

    /// <summary>What each stair multiplies with.</summary>
    /// <value>Default 0.1. Range: greater than 0.</value>
    public double Factor { get; init; } = 0.1;

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.AtLeast(Every, 1);
        Guard.Positive(Factor);
    }

    /// <inheritdoc/>
    public override double FactorAt(long step) => DoubleMath.Power(Factor, step / Every);
}

/// <summary>max(<see cref="Factor"/>ᵗ, <see cref="Least"/>): PyTorch's ExponentialLR, with a floor.</summary>
public sealed record ExponentialSchedule : Schedule
{
    /// <summary>What each step multiplies with.</summary>
    /// <value>Default 0.9999. Range: greater than 0.</value>
    public double Factor { get; init; } = 0.9999;

    /// <summary>Where the fall ends, as a part of the setting.</summary>
    /// <value>Default 0. Range: [0, 1].</value>
    public double Least { get; init; }

    /// <summary>A fall to a part of the setting within a number of steps, and on at the same pace.</summary>
    /// <param name="part">The part, greater than 0.</param>
    /// <param name="steps">The number of steps, at least 1.</param>
    public static ExponentialSchedule To(double part, long steps) => new() { Factor = Math.Pow(Guard.Positive(part), 1.0 / Guard.AtLeast(steps, 1)) };

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.Positive(Factor);
        Guard.Within(Least, 0, 1);
    }

    /// <inheritdoc/>
    public override double FactorAt(long step) => Math.Max(DoubleMath.Power(Factor, step), Least);
}

/// <summary>
/// Half a cosine: <see cref="Least"/> + ½(1 − <see cref="Least"/>)(1 + cos(πt/<see cref="Steps"/>)) (Loshchilov and Hutter 2017, equation 5), and
/// <see cref="Least"/> from then on. PyTorch's CosineAnnealingLR as far as step <see cref="Steps"/>, where that one rises again.
/// </summary>
public sealed record CosineSchedule : Schedule
{
    /// <summary>The number of steps from 1 to <see cref="Least"/>.</summary>
    /// <value>Default 10,000. Range: at least 1.</value>
    public long Steps { get; init; } = 10_000;

    /// <summary>Where the fall ends, as a part of the setting.</summary>
    /// <value>Default 0. Range: [0, 1].</value>
    public double Least { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.AtLeast(Steps, 1);
        Guard.Within(Least, 0, 1);
    }

    /// <inheritdoc/>
    public override double FactorAt(long step) =>
        step >= Steps ? Least : Least + (1 - Least) * (1 + DoubleMath.CosineOfHalfTurns((double)step / Steps)) / 2;
}

/// <summary>
/// Rises on a line from <see cref="Start"/> to 1 within <see cref="Steps"/> steps, and leaves the rest to <see cref="Then"/>, which counts its
/// own steps from there: PyTorch's LinearLR before another.
/// </summary>
public sealed record WarmUpSchedule : Schedule
{
    /// <summary>The number of steps until <see cref="Then"/> begins.</summary>
    /// <value>Default 500. Range: at least 1.</value>
    public long Steps { get; init; } = 500;

    /// <summary>The factor of the first step.</summary>
    /// <value>Default 0.01. Range: [0, 1].</value>
    public double Start { get; init; } = 0.01;

    /// <summary>What comes after.</summary>
    /// <value>Default <see cref="ConstantSchedule"/>.</value>
    public Schedule Then { get; init; } = new ConstantSchedule();

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.AtLeast(Steps, 1);
        Guard.Within(Start, 0, 1);
        Guard.NotNull(Then).Validate();
    }

    /// <inheritdoc/>
    public override double FactorAt(long step) => step < Steps ? Start + (1 - Start) * step / Steps : Then.FactorAt(step - Steps);
}

/// <summary>
/// One schedule for <see cref="Steps"/> steps, and from where it has come to, another, which counts its own steps and multiplies: the rate does
/// not jump, where PyTorch's SequentialLR starts the second from the full rate.
/// </summary>
public sealed record SequentialSchedule : Schedule
{
    /// <summary>What comes first.</summary>
    /// <value>Default <see cref="ConstantSchedule"/>.</value>
    public Schedule First { get; init; } = new ConstantSchedule();

    /// <summary>The number of steps until <see cref="Then"/> begins.</summary>
    /// <value>Default 10,000. Range: at least 1.</value>
    public long Steps { get; init; } = 10_000;

    /// <summary>What comes after.</summary>
    /// <value>Default <see cref="CosineSchedule"/>.</value>
    public Schedule Then { get; init; } = new CosineSchedule();

    /// <inheritdoc/>
    public override void Validate()
    {
        Guard.AtLeast(Steps, 1);
        Guard.NotNull(First).Validate();
        Guard.NotNull(Then).Validate();
    }

    /// <inheritdoc/>
    public override double FactorAt(long step) =>
        step < Steps ? First.FactorAt(step) : First.FactorAt(Steps) * Then.FactorAt(step - Steps);
}
