namespace GenModels.Samples;

/// <summary>How the two networks stand to each other, in a line.</summary>
internal static class Reading
{
    public static string Of(GanHealth health) => string.Join("  ", Figures(health).Append(InWords(health)));

    /// <summary>What the objective gives: probabilities or right answers, and a distance of the two distributions.</summary>
    private static IEnumerable<string> Figures(GanHealth health)
    {
        if (health is { MeanReal: { } real, MeanGenerated: { } generated })
            yield return $"D(x) {real:F2}  D(G(z)) {generated:F2}";
        else if (health is { AccuracyReal: { } rightReal, AccuracyGenerated: { } rightGenerated })
            yield return $"right about {rightReal:P0} of the real and {rightGenerated:P0} of the generated";
        if (health.Value is { } value) yield return $"JS about {(value + Math.Log(4)) / 2:F3} nats";
        if (health.Wasserstein is { } distance) yield return $"Wasserstein distance about {distance:G3}";
    }

    private static string InWords(GanHealth health) =>
        health.Faults.Count > 0 ? string.Join(", ", health.Faults.Select(InWords))
        : health.Steps < GanHealth.StepsBeforeJudging ? "too early to judge" : "healthy";

    private static string InWords(GanFault fault) => fault switch
    {
        GanFault.DiscriminatorWins => "the discriminator wins",
        GanFault.DiscriminatorLags => "the discriminator lags behind",
        GanFault.GeneratorIgnored => "the generator gets no signal",
        GanFault.DiversityLost => "the samples lose diversity",
        _ => $"{fault}",
    };
}
