using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>How the settings of an <see cref="ImageClassifier"/> are serialized where reflection is disabled.</summary>
[JsonSerializable(typeof(ClassifierOptions))]
internal sealed partial class ClassifierJson : JsonSerializerContext;
