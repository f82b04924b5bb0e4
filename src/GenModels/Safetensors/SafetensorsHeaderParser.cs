using System.Text.Json;

namespace GenModels.Safetensors;

/// <summary>Reads the JSON of a safetensors header token by token, so that nothing is kept before it has been checked.</summary>
internal ref struct SafetensorsHeaderParser
{
    // Header, tensor, list, and one more, so that a list in a list is an error of the list and not of the depth.
    private const int Depth = 4;
    private const string Metadata = SafetensorsHeader.MetadataName;

    private readonly string _path;
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private Dictionary<string, string>? _metadata;
    private Utf8JsonReader _json;

    public SafetensorsHeaderParser(ReadOnlySpan<byte> json, string path)
    {
        _path = path;
        _json = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Depth });
    }

    /// <exception cref="ModelFileException">The JSON is not a header.</exception>
    public (IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, StoredTensor> Tensors) Parse()
    {
        try
        {
            Next();
            while (NextName() is { } name) ReadMember(name);
            // Whatever follows the object but white space is an error of the JSON.
            _json.Read();
        }
        // The second is what the reader says of escapes that are no Unicode text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ModelFileException.For(_path, $"has a header that can't be read as JSON ({e.Message})", "a safetensors header", e);
        }
        return (_metadata ?? [], _tensors);
    }

    private void ReadMember(string name)
    {
        if (name == Metadata)
        {
            if (_metadata is not null) throw Twice(name);
            _metadata = ReadMetadata();
        }
        else if (!_tensors.TryAdd(name, ReadTensor(name)))
        {
            throw Twice(name);
        }
    }

    private Dictionary<string, string> ReadMetadata()
    {
        var metadata = new Dictionary<string, string>();
        Next(JsonTokenType.StartObject, Metadata, null, "an object");
        while (NextName() is { } key)
        {
            Next(JsonTokenType.String, Metadata, key, "a string");
            if (!metadata.TryAdd(key, Text())) throw Twice(Metadata, key);
        }
        return metadata;
    }

    private StoredTensor ReadTensor(string name)
    {
        SafetensorsType? type = null;
        long[]? shape = null, offsets = null;
        Next(JsonTokenType.StartObject, name, null, "an object with dtype, shape and data_offsets");
        while (Next() == JsonTokenType.PropertyName)
        {
            if (_json.ValueTextEquals("dtype"u8)) type = type is null ? ReadType(name) : throw Twice(name, "dtype");
            else if (_json.ValueTextEquals("shape"u8)) shape = shape is null ? ReadNumbers(name, "shape", SafetensorsHeader.MaxDimensions) : throw Twice(name, "shape");
            else if (_json.ValueTextEquals("data_offsets"u8)) offsets = offsets is null ? ReadNumbers(name, "data_offsets", 2) : throw Twice(name, "data_offsets");
            else throw Wrong(name, Text(), "is unknown", "dtype, shape and data_offsets");
        }
        if (type is null || shape is null || offsets is null) throw Wrong(name, null, "is incomplete", "dtype, shape and data_offsets");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
            throw Wrong(name, "data_offsets", $"is {Guard.Shape(offsets)}", "two numbers, where the tensor begins and where it ends");
        var tensor = new StoredTensor(type, shape, offsets[0], offsets[1]);
        CheckSize(name, tensor);
        return tensor;
    }

    private SafetensorsType ReadType(string name)
    {
        Next(JsonTokenType.String, name, "dtype", "a string");
        foreach (var type in SafetensorsType.All)
            if (_json.ValueTextEquals(type.Name)) return type;
        throw Wrong(name, "dtype", $"is {Quoted.Text(Text())}", $"one of {SafetensorsType.Names}; convert the tensor before it is written");
    }

    private long[] ReadNumbers(string name, string field, int most)
    {
        Span<long> numbers = stackalloc long[most];
        int count = 0;
        Next(JsonTokenType.StartArray, name, field, "a list of whole numbers");
        while (Next() != JsonTokenType.EndArray)
        {
            if (count == most || _json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out long number) || number < 0)
                throw Wrong(name, field, $"has {Found()} as element {count}", $"at most {most} whole numbers that are 0 or more");
            numbers[count++] = number;
        }
        return numbers[..count].ToArray();
    }

    private readonly void CheckSize(string name, StoredTensor tensor)
    {
        // Empty dimensions count as 1 at first, so that no part of the product overflows either.
        UInt128 bytes = (UInt128)tensor.Type.Size;
        foreach (long size in tensor.Shape)
        {
            bytes *= (UInt128)Math.Max(size, 1);
            if (bytes > long.MaxValue) throw Wrong(name, "shape", $"is {Guard.Shape(tensor.Shape)}", "a tensor of less than 2⁶³ bytes");
        }
        if (tensor.Shape.Contains(0)) bytes = 0;
        if (bytes != (UInt128)(tensor.End - tensor.Begin))
            throw Wrong(
                name, "data_offsets", $"spans {tensor.End - tensor.Begin} bytes",
                $"{bytes} for the shape {Guard.Shape(tensor.Shape)} and the type {tensor.Type.Name}");
    }

    /// <summary>The next property's name, or null at the end of the object.</summary>
    private string? NextName() => Next() == JsonTokenType.PropertyName ? Text() : null;

    private void Next(JsonTokenType type, string name, string? field, string expected)
    {
        if (Next() != type) throw Wrong(name, field, $"is {Found()}", expected);
    }

    private JsonTokenType Next()
    {
        if (!_json.Read()) throw new JsonException("The JSON ends too early.");
        return _json.TokenType;
    }

    private readonly string Text() => _json.GetString() ?? "";

    private readonly string Found() => _json.TokenType switch
    {
        JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(_json.ValueSpan[..Math.Min(_json.ValueSpan.Length, 40)]),
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        var other => other.ToString().ToLowerInvariant(),
    };

    private readonly ModelFileException Twice(string name, string? field = null) => Wrong(name, field, "stands there twice", "every name once");

    private readonly ModelFileException Wrong(string name, string? field, string finding, string expected) => ModelFileException.For(
        _path, $"has a header in which {(field is null ? "" : $"{Quoted.Text(field)} of ")}{Quoted.Text(name)} {finding}", expected);
}
