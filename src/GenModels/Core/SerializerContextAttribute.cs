using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace GenModels;

/// <summary>
/// Names the source-generated <see cref="JsonSerializerContext"/> by which model files and checkpoints hold settings of this type. Without
/// it they are serialized by reflection, which is disabled in programs that are published trimmed or with native AOT, and in file-based programs
/// (<c>dotnet run app.cs</c>).
/// </summary>
/// <example>
/// <code>
/// [SerializerContext(typeof(MyJson))]
/// sealed record MyOptions : ModelOptions { public int Width { get; init; } = 8; }
///
/// [JsonSerializable(typeof(MyOptions))]
/// sealed partial class MyJson : JsonSerializerContext;
/// </code>
/// </example>
/// <remarks>
/// The context contributes the metadata of types alone: files are the same as by reflection, whatever its
/// <see cref="JsonSourceGenerationOptionsAttribute"/> says. Properties that a file lacks keep their initial values.
/// </remarks>
/// <param name="context">A class derived from <see cref="JsonSerializerContext"/> that is told of the type by <c>[JsonSerializable(typeof(MyOptions))]</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SerializerContextAttribute(
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type context) : Attribute
{
    /// <summary>The type of the context.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    public Type Context { get; } = context;
}
