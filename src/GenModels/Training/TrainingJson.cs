using System.Text.Json.Serialization;

namespace GenModels.Training;

/// <summary>How what a checkpoint tells of its run is serialized where reflection is disabled.</summary>
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(FitOptions))]
[JsonSerializable(typeof(DataFingerprint))]
internal sealed partial class TrainingJson : JsonSerializerContext;
