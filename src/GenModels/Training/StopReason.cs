using System.Text.Json.Serialization;

namespace GenModels.Training;

/// <summary>Why training ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopReason>))]
public enum StopReason
{
    /// <summary>Every epoch was completed.</summary>
    Completed,

    /// <summary>The figure that <see cref="FitOptions.EarlyStopping"/> names did not improve any more.</summary>
    EarlyStopping,

    /// <summary>There were <see cref="FitOptions.MaxSteps"/> steps.</summary>
    MaxSteps,

    /// <summary><see cref="FitOptions.MaxDuration"/> was over.</summary>
    MaxDuration,

    /// <summary>It was cancelled, as a <see cref="TrainingCanceledException"/> tells.</summary>
    Canceled,
}
