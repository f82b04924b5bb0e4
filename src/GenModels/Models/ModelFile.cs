using System.Text.Json;
using System.Text.Json.Serialization;
using GenModels.Safetensors;
using static TorchSharp.torch;

namespace GenModels;

/// <summary>
/// A model in a safetensors file: its state under the names that it has in the model, and in the metadata what it takes to make the model
/// again. Whatever the metadata say is compared with the shapes in the header before a model is made of it.
/// </summary>
internal sealed class ModelFile : IDisposable
{
    private const string Space = "genmodels.";
    private const string FormatKey = Space + "format";
    private const string ModelKey = Space + "model";
    private const string OptionsKey = Space + "options";
    private const string NetworksKey = Space + "networks";
    private const string Format = "1";

    // A trial run makes two examples; below this number of values they are small beside the process.
    private const long HarmlessInput = 1 << 24;

    private static readonly StoredJson Strict = new(new()
    {
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        MaxDepth = 32,
    });

    private readonly SafetensorsReader _file;

    private ModelFile(SafetensorsReader file)
    {
        _file = file;
        string format = Value(FormatKey);
        if (format != Format) throw Wrong($"has {Quoted.Text(format)} under '{FormatKey}'", $"'{Format}', the format that this version of GenModels reads");
        Model = Value(ModelKey);
        Value(OptionsKey);
        OwnNetworks = file.Metadata.TryGetValue(NetworksKey, out string? networks) ? networks.Split(',') : [];
        if (file.Metadata.Keys.FirstOrDefault(key => key.StartsWith(Space, StringComparison.Ordinal) && !IsKnown(key)) is { } unknown)
            throw Wrong($"has {Quoted.Text(unknown)} in its metadata", $"no more than {FormatKey}, {ModelKey}, {OptionsKey} and {NetworksKey}");
    }

    /// <summary>The name of the model's kind.</summary>
    public string Model { get; }

    /// <summary>Which of its networks were the caller's.</summary>
    public IReadOnlyList<string> OwnNetworks { get; }

    /// <summary>Writes a model; the file appears when it is complete, in place of an older one.</summary>
    public static void Save(ITrainable model, string path, IReadOnlyDictionary<string, string>? metadata)
    {
        using var alone = Prepare(model);
        var described = Describe(model, metadata);
        AtomicFile.Write(path, file => SafetensorsWriter.Write(file, model.State, described));
    }

    /// <summary>Writes a model into a stream.</summary>
    public static void Save(ITrainable model, Stream stream, IReadOnlyDictionary<string, string>? metadata)
    {
        Guard.NotNull(stream);
        using var alone = Prepare(model);
        SafetensorsWriter.Write(stream, model.State, Describe(model, metadata));
    }

    private static ModelGate.Pass Prepare(ITrainable model)
    {
        Guard.NotNull(model);
        ObjectDisposedException.ThrowIf(model.State.Values.Any(t => t.IsInvalid), model);
        return ModelGate.Alone(model);
    }

    private static Dictionary<string, string> Describe(ITrainable model, IReadOnlyDictionary<string, string>? metadata)
    {
        var described = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [ModelKey] = StoredNameAttribute.Of(model.GetType()),
            [OptionsKey] = Strict.Text(model.Options),
        };
        if (model is IOwnNetworks { OwnNetworks: { Count: > 0 } own }) described[NetworksKey] = string.Join(',', own);
        foreach (var (name, value) in metadata ?? new Dictionary<string, string>())
        {
            if (name.StartsWith(Space, StringComparison.Ordinal))
                throw new ArgumentException($"The metadata have the name {Quoted.Text(name)}, expected one that does not start with '{Space}', as those of the library do.", nameof(metadata));
            described[name] = Guard.NotNull(value, nameof(metadata));
        }
        return described;
    }

    /// <summary>What a file tells beside the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata =>
        _file.Metadata.Where(entry => !entry.Key.StartsWith(Space, StringComparison.Ordinal)).ToDictionary();

    /// <inheritdoc cref="GenerativeModel.Load{TOptions, TModel}"/>
    public static TModel Load<TOptions, TModel>(string path, Func<TOptions, TModel> create)
        where TOptions : ModelOptions where TModel : ITrainable
    {
        Guard.NotNull(create);
        using var file = Open(path);
        return file.MakeAround(create);
    }

    /// <summary>Opens a file that <see cref="Save(ITrainable, string, IReadOnlyDictionary{string, string}?)"/> wrote and checks its header and the names in its metadata.</summary>
    public static ModelFile Open(string path) => Open(SafetensorsReader.Open(path));

    /// <summary>Reads a stream that holds such a file, whole into memory.</summary>
    public static ModelFile Open(Stream stream)
    {
        var copy = new MemoryStream();
        Guard.NotNull(stream).CopyTo(copy);
        copy.Position = 0;
        return Open(new SafetensorsReader(copy, "stream"));
    }

    /// <inheritdoc cref="Open(string)"/>
    public static ModelFile Open(SafetensorsReader file)
    {
        try
        {
            return new ModelFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes the model that was saved, where all its networks are those of its settings.</summary>
    public TModel Make<TOptions, TModel>(Func<TOptions, TModel> create) where TOptions : ModelOptions where TModel : ITrainable
    {
        CheckModel(typeof(TModel));
        if (OwnNetworks.Count > 0)
            throw Wrong(
                $"holds a {typeof(TModel).Name} with networks of its caller's own ({Quoted.Text(string.Join(", ", OwnNetworks))}), of which a file has nothing but the weights",
                $"to be told how to make it: {typeof(TModel).Name}.Load(path, options => new {typeof(TModel).Name}(options, …))");
        return MakeAround(create);
    }

    /// <summary>Makes the model that was saved, with networks that the caller brings.</summary>
    public TModel MakeAround<TOptions, TModel>(Func<TOptions, TModel> create) where TOptions : ModelOptions where TModel : ITrainable
    {
        CheckModel(typeof(TModel));
        var options = Options<TOptions>();
        CheckSizes(options);
        var model = create(options);
        try
        {
            StateFile.Restore(_file, model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The error of a model that is none of those named.</summary>
    public ModelFileException Unknown(IReadOnlyList<string> known) => Wrong(
        $"holds a model {Quoted.Text(Model)}",
        $"{string.Join(", ", known.SkipLast(1))} or {known[^1]}; for a model of your own, to be told how to make it: " +
        "GenerativeModel.Load(path, (MyOptions options) => new MyModel(options))");

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static bool IsKnown(string key) => key is FormatKey or ModelKey or OptionsKey or NetworksKey;

    private string Value(string key) => _file.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw Wrong($"has no '{key}' in its metadata", "a file that Save wrote; LoadState reads files with nothing but tensors");

    private void CheckModel(Type expected)
    {
        if (!StoredNameAttribute.Names(Model, expected))
            throw Wrong($"holds a model {Quoted.Text(Model)}", $"{expected.Name}; GenerativeModel.Load finds out which one it is");
    }

    private TOptions Options<TOptions>() where TOptions : ModelOptions
    {
        var type = Strict.Of<TOptions>();
        try
        {
            var options = JsonSerializer.Deserialize(Value(OptionsKey), type) ?? throw new JsonException("The settings are null.");
            options.Validate();
            return options;
        }
        // The second is how the serializer says that a type is not told; the third comes of settings out of their range.
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw Wrong($"has settings under '{OptionsKey}' that can't be used ({ModelFileException.Reason(e)})", $"{typeof(TOptions).Name} as JSON", e);
        }
    }

    // What settings ask for may be any size; what lies in the file is there. So no more is made than the file holds.
    private void CheckSizes(ModelOptions options)
    {
        long held = _file.Tensors.Values.Sum(t => (t.End - t.Begin) / t.Type.Size);
        if (options.InputSizes.Max() is var input && input > Math.Max(held, HarmlessInput))
            throw Wrong($"has settings for a network with {input} inputs", $"at most {Math.Max(held, HarmlessInput)} beside the {held} values that it holds");
        foreach (var (name, shape) in options.ImpliedState(OwnNetworks)) StateFile.CheckShape(_file, name, shape, ScalarType.Float32);
    }

    private ModelFileException Wrong(string finding, string expectation, Exception? inner = null) =>
        ModelFileException.For(_file.Path, finding, expectation, inner);
}
