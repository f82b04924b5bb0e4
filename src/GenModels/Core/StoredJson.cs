using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace GenModels;

/// <summary>
/// Serializes what files store as JSON: values of types with a <see cref="SerializerContextAttribute"/> by the generated code that it names, so that it works
/// where reflection is disabled, and values of other types by reflection, where that is enabled. Either way the text is the same.
/// </summary>
/// <param name="rules">What is written and accepted.</param>
internal sealed class StoredJson(JsonSerializerOptions rules)
{
    private readonly ConcurrentDictionary<(Type, object), JsonTypeInfo> _types = new();

    /// <summary>How a type is serialized.</summary>
    /// <exception cref="NotSupportedException">It names no context, and reflection is disabled.</exception>
    public JsonTypeInfo Of(Type type) => _types.GetOrAdd((type, StoredTypes.Version), _ => Create(type));

    /// <inheritdoc cref="Of(Type)"/>
    public JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Of(typeof(T));

    /// <summary>A value as text.</summary>
    /// <exception cref="NotSupportedException">Reflection is disabled, or the value holds one of a type that is not registered.</exception>
    public string Text(object value) => Hinted(() => JsonSerializer.Serialize(value, Of(value.GetType())));

    /// <summary>A value as a tree.</summary>
    /// <exception cref="NotSupportedException">Reflection is disabled, or the value holds one of a type that is not registered.</exception>
    public JsonNode? Node(object value) => Hinted(() => JsonSerializer.SerializeToNode(value, Of(value.GetType())));

    private static T Hinted<T>(Func<T> serialize)
    {
        try
        {
            return serialize();
        }
        catch (NotSupportedException e) when (e.Message.Contains("polymorphic", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{e.Message} Tell files of a type of your own by StoredTypes.Register when the program starts.", e);
        }
    }

    private JsonTypeInfo Create(Type type) =>
        new JsonSerializerOptions(rules)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([Resolver(type), .. StoredTypes.All.Select(Resolver)])
                .WithAddedModifier(StoredTypes.AddTo).WithAddedModifier(KeepInitialValues),
        }.GetTypeInfo(type);

    private static IJsonTypeInfoResolver Resolver(Type type)
    {
        if (type.GetCustomAttribute<SerializerContextAttribute>() is { Context: var context })
            return Activator.CreateInstance(context) as IJsonTypeInfoResolver
                ?? throw new NotSupportedException($"{context.Name}, which {type.Name} names as its context, is no JsonSerializerContext.");
        if (JsonSerializer.IsReflectionEnabledByDefault) return new DefaultJsonTypeInfoResolver();
        throw new NotSupportedException(
            $"{type.Name} can't be written as JSON or read from it, since JSON serialization by reflection is disabled in this program, as it is in file-based " +
            $"programs and in published ones that are trimmed. Use source generation instead: put [SerializerContext(typeof(MyJson))] on {type.Name}, and declare " +
            $"[JsonSerializable(typeof({type.Name}))] partial class MyJson : JsonSerializerContext;");
    }

    // Generated code sets all init-only properties in an object initializer, those that the text lacks to zero or null; reflection leaves these
    // as the constructor made them. Files from before a setting was introduced rely on the latter.
    private static void KeepInitialValues(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.CreateObject is not null) return;
        if (type.ConstructorAttributeProvider is not ConstructorInfo constructor || constructor.GetParameters().Length > 0) return;
        type.CreateObject = () => constructor.Invoke(null);
        foreach (var property in type.Properties)
            if (property is { Set: not null, AttributeProvider: PropertyInfo { CanWrite: true } reflected }) property.Set = reflected.SetValue;
    }
}
