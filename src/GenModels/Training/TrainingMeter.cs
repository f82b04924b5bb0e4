using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GenModels.Training;

/// <summary>The instruments of the meter <c>GenModels</c>; each carries the model's type as the tag <c>model</c>. Without a listener they cost nothing.</summary>
internal static class TrainingMeter
{
    private static readonly Meter Meter = new("GenModels");
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("genmodels.training.steps", "{step}", "Training steps taken.");
    private static readonly Counter<long> Examples = Meter.CreateCounter<long>("genmodels.training.examples", "{example}", "Examples trained on.");
    private static readonly Histogram<double> Loss = Meter.CreateHistogram<double>("genmodels.training.loss", null, "The loss of a step, in the model's unit.");
    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>("genmodels.training.step.duration", "s", "The time of a step, with the gathering of its batch.");
    private static readonly Histogram<double> CheckpointDuration = Meter.CreateHistogram<double>("genmodels.training.checkpoint.duration", "s", "The time to write a checkpoint.");

    public static void Step(string model, int examples, double loss, TimeSpan duration)
    {
        if (!(Steps.Enabled || Examples.Enabled || Loss.Enabled || StepDuration.Enabled)) return;
        var tags = Tags(model);
        Steps.Add(1, tags);
        Examples.Add(examples, tags);
        Loss.Record(loss, tags);
        StepDuration.Record(duration.TotalSeconds, tags);
    }

    public static void Checkpoint(string model, TimeSpan duration)
    {
        if (CheckpointDuration.Enabled) CheckpointDuration.Record(duration.TotalSeconds, Tags(model));
    }

    private static TagList Tags(string model) => new() { { "model", model } };
}
