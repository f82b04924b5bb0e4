using Microsoft.Extensions.Logging;

namespace GenModels.Training;

/// <summary>What training tells a logger.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Training of {Model} starts: {Epochs} epochs of {Examples} examples in batches of {BatchSize}")]
    public static partial void Started(ILogger logger, string model, int epochs, int examples, int batchSize);

    [LoggerMessage(2, LogLevel.Information, "Training of {Model} resumes in epoch {Epoch} after {Position} of its examples, at step {Step}, from {Path}")]
    public static partial void Resumed(ILogger logger, string model, int epoch, int position, long step, string path);

    [LoggerMessage(3, LogLevel.Warning, "A damaged checkpoint was passed over: {Problem}")]
    public static partial void PassedOver(ILogger logger, string problem);

    [LoggerMessage(4, LogLevel.Warning, "The configuration changed: {Change}")]
    public static partial void Changed(ILogger logger, ConfigurationChange change);

    [LoggerMessage(5, LogLevel.Information, "There is no checkpoint in {Folder}")]
    public static partial void NothingToResume(ILogger logger, string folder);

    [LoggerMessage(6, LogLevel.Information, "Epoch {Epoch} of {Epochs} ends: train {Train}, test {Test}, {ExamplesPerSecond:F0} examples/s")]
    public static partial void EpochEnded(ILogger logger, int epoch, int epochs, string train, string test, double examplesPerSecond);

    [LoggerMessage(7, LogLevel.Debug, "Saved at step {Step} in {Milliseconds:F1} ms")]
    public static partial void Saved(ILogger logger, long step, double milliseconds);

    [LoggerMessage(8, LogLevel.Information, "Training ends after {Steps} steps: {Reason}")]
    public static partial void Ended(ILogger logger, long steps, StopReason reason);

    [LoggerMessage(9, LogLevel.Information, "Training was cancelled after {Steps} steps")]
    public static partial void Cancelled(ILogger logger, long steps);

    [LoggerMessage(10, LogLevel.Error, "Training failed after {Steps} steps")]
    public static partial void Failed(ILogger logger, Exception exception, long steps);
}
