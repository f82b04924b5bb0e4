using System.Text.Json.Serialization;
using GenModels.Data;

namespace GenModels.Training;

/// <summary>Source-generated serialization of a checkpoint's run state where reflection is disabled.</summary>
[JsonSerializable(typeof(RunState))]
[JsonSerializable(typeof(FitOptions))]
[JsonSerializable(typeof(Augmentation[]))]
[JsonSerializable(typeof(DataFingerprint))]
internal sealed partial class TrainingJson : JsonSerializerContext;
