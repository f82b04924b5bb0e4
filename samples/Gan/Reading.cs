namespace GenModels.Samples;

/// <summary>How the two networks stand to each other, in a line.</summary>
internal static class Reading
{
    public static string Of(GanHealth health) =>
        $"D(x) {health.MeanReal:F2}  D(G(z)) {health.MeanGenerated:F2}  JS about {(health.Value + Math.Log(4)) / 2:F3} nats  {InWords(health)}";

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
