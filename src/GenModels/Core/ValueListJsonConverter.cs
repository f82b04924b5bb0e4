using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenModels;

/// <summary>Writes every <see cref="ValueList{T}"/> as a JSON array and reads it from one.</summary>
/// <remarks>
/// It is public for the code that the JSON source generator puts into other assemblies. Where reflection is disabled, lists of int, long, float,
/// double, bool and string work as they are; for lists of another T, a context must know the array, by <c>[JsonSerializable(typeof(T[]))]</c>, and
/// with native AOT T must be a class.
/// </remarks>
public sealed class ValueListJsonConverter : JsonConverterFactory
{
    // Native AOT compiles no code for types that are first named at run time.
    private static readonly Dictionary<Type, JsonConverter> Common = new()
    {
        [typeof(int)] = new Of<int>(),
        [typeof(long)] = new Of<long>(),
        [typeof(float)] = new Of<float>(),
        [typeof(double)] = new Of<double>(),
        [typeof(bool)] = new Of<bool>(),
        [typeof(string)] = new Of<string>(),
    };

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ValueList<>);

    /// <inheritdoc/>
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var element = typeToConvert.GetGenericArguments()[0];
        return Common.GetValueOrDefault(element) ?? (JsonConverter?)Activator.CreateInstance(typeof(Of<>).MakeGenericType(element));
    }

    private sealed class Of<T> : JsonConverter<ValueList<T>>
    {
        public override ValueList<T>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, Items(options)) is { } items ? new ValueList<T>(items) : null;

        public override void Write(Utf8JsonWriter writer, ValueList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, [.. value], Items(options));

        private static JsonTypeInfo<T[]> Items(JsonSerializerOptions options) =>
            (JsonTypeInfo<T[]>)(options.TryGetTypeInfo(typeof(T[]), out var items) ? items : ValueListJson.Default.GetTypeInfo(typeof(T[]))
                ?? throw new NotSupportedException(
                    $"A ValueList<{typeof(T).Name}> needs [JsonSerializable(typeof({typeof(T).Name}[]))] on the JsonSerializerContext in use, since JSON serialization by reflection is disabled."));
    }
}

/// <summary>The arrays of which lists of values commonly consist.</summary>
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(float[]))]
[JsonSerializable(typeof(double[]))]
[JsonSerializable(typeof(bool[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ValueListJson : JsonSerializerContext;
