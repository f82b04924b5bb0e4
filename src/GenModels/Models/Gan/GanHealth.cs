using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>What can go wrong between the two networks of a GAN.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GanFault>))]
public enum GanFault
{
    /// <summary>The discriminator is right about nearly every example. Not looked for under the Wasserstein objective, which has no right and wrong.</summary>
    DiscriminatorWins,

    /// <summary>
    /// The discriminator's loss is above that of one that can't tell the two sides apart. Not looked for under the Wasserstein objective, whose loss
    /// has no scale to measure that on.
    /// </summary>
    DiscriminatorLags,

    /// <summary>The discriminator's answers do not depend on the example, or the generator's gradient has vanished.</summary>
    GeneratorIgnored,

    /// <summary>The samples of a batch resemble each other far more than examples do: mode collapse.</summary>
    DiversityLost,
}

/// <summary>
/// A reading of recent training steps: exponential averages over about the last 50, and what is wrong. Figures that mean nothing under the
/// model's objective (see <see cref="GanMetrics"/>) are null, and so are those of a model that has not been trained.
/// </summary>
/// <param name="Steps">The number of steps taken. Nothing is called wrong before <see cref="StepsBeforeJudging"/>.</param>
/// <param name="DiscriminatorLoss">The mean of the discriminator's loss.</param>
/// <param name="Value">The mean of V(D, G), in nats.</param>
/// <param name="Wasserstein">The mean estimate of the Wasserstein distance, in units of the data.</param>
/// <param name="AccuracyReal">The mean accuracy on real examples.</param>
/// <param name="AccuracyGenerated">The mean accuracy on generated examples.</param>
/// <param name="MeanReal">The mean of D(x).</param>
/// <param name="MeanGenerated">The mean of D(G(z)).</param>
/// <param name="LogitSpread">The standard deviation of the discriminator's logits over both sides of a batch.</param>
/// <param name="GeneratorGradientNorm">The mean length of the generator's gradient.</param>
/// <param name="Diversity">
/// How far the samples of a batch spread, against examples: Σ min(s, σ) / Σ σ over the dimensions, with σ the standard deviation within a batch
/// of examples and s that of samples. In [0, 1], and 1 where samples spread at least as far as examples in every dimension.
/// </param>
/// <param name="Faults">What is wrong; empty while all is well.</param>
public sealed record GanHealth(
    long Steps, double? DiscriminatorLoss, double? Value, double? Wasserstein, double? AccuracyReal, double? AccuracyGenerated, double? MeanReal,
    double? MeanGenerated, double? LogitSpread, double? GeneratorGradientNorm, double Diversity, ValueList<GanFault> Faults)
{
    /// <summary>How many steps pass before anything is called wrong.</summary>
    public const int StepsBeforeJudging = 50;

    /// <summary>Each fault in words, with what to do about it.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Messages => [.. Faults.Select(Message)];

    /// <summary>The messages, a line each, or that all is well.</summary>
    public override string ToString() =>
        Faults.Count > 0 ? string.Join(Environment.NewLine, Messages)
        : Steps < StepsBeforeJudging ? $"{Guard.Text(Steps)} steps are too few to judge."
        : "Both networks keep up with each other.";

    private string Message(GanFault fault) => fault switch
    {
        GanFault.DiscriminatorWins => FormattableString.Invariant(
            $"The discriminator wins: it is right about {AccuracyReal:P1} of the real and {AccuracyGenerated:P1} of the generated examples, so the generator learns little. Lower the discriminator's learning rate or its number of steps, or use R1, label smoothing or dropout."),
        GanFault.DiscriminatorLags => FormattableString.Invariant(
            $"The discriminator lags behind: its loss of {DiscriminatorLoss:F3} is above that of a discriminator that can't tell real examples from generated ones. Raise its learning rate or its number of steps, or lower the generator's learning rate."),
        GanFault.GeneratorIgnored => FormattableString.Invariant(
            $"The generator gets no signal: the discriminator's logits spread by {LogitSpread:G2} and the generator's gradient is {GeneratorGradientNorm:G2} long. Use the non-saturating objective or leaky ReLU, weaken the penalties, or start again with lower learning rates."),
        GanFault.DiversityLost => FormattableString.Invariant(
            $"The samples have lost diversity: they spread {Diversity:P0} as far as the data. Use packing or R1, or lower the generator's learning rate."),
        _ => throw new InvalidOperationException($"No such fault: {fault}."),
    };
}
