using System.Text.Json;
using System.Text.Json.Nodes;
using GenModels.Data;

namespace GenModels.Training;

/// <summary>Settings and data of a run, as JSON that can be compared field by field.</summary>
internal static class RunConfiguration
{
    private static readonly StoredJson Plain = new(new());

    // They decide when a run ends and no bit of what it does until then.
    private static readonly string[] Free = [nameof(FitOptions.Epochs), nameof(FitOptions.MaxSteps), nameof(FitOptions.MaxDuration), nameof(FitOptions.EarlyStopping)];

    /// <exception cref="NotSupportedException">JSON by reflection is disabled, and the model's settings name no context.</exception>
    public static JsonObject Of(ITrainable model, FitOptions options, IExampleSource train, IExampleSource? test)
    {
        var fit = Plain.Node(options)?.AsObject() ?? [];
        foreach (string name in Free) fit.Remove(name);
        return new JsonObject
        {
            ["type"] = StoredNameAttribute.Of(model.GetType()),
            ["model"] = Plain.Node(model.Options),
            ["fit"] = fit,
            ["train"] = Plain.Node(DataFingerprint.Of(train, model.Condition)),
            ["test"] = test is null ? null : Plain.Node(DataFingerprint.Of(test, model.Condition)),
        };
    }

    /// <exception cref="JsonException">The text is no configuration.</exception>
    public static JsonObject FromJson(string json) =>
        JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
        ?? throw new JsonException("There is no configuration.");

    /// <summary>Every field that differs.</summary>
    /// <param name="saved">A configuration, which is not changed. Settings that it lacks, since they came later, have their defaults.</param>
    /// <param name="current">The configuration now.</param>
    /// <param name="model">The model.</param>
    public static IReadOnlyList<ConfigurationChange> Changes(JsonObject saved, JsonObject current, ITrainable model)
    {
        var old = saved.DeepClone().AsObject();
        if (old["type"] is JsonValue type && type.TryGetValue(out string? stored) && StoredNameAttribute.Names(stored, model.GetType()))
            old["type"] = StoredNameAttribute.Of(model.GetType());
        Complete(old, "model", model.Options.GetType());
        Complete(old, "fit", typeof(FitOptions));
        foreach (string name in Free) (old["fit"] as JsonObject)?.Remove(name);
        Dictionary<string, string> before = [], now = [];
        Flatten(old, "", before);
        Flatten(current, "", now);
        return
        [
            .. now.Keys.Union(before.Keys).Select(field => new ConfigurationChange(field, before.GetValueOrDefault(field), now.GetValueOrDefault(field)))
                .Where(change => change.Old != change.New),
        ];
    }

    private static void Complete(JsonObject configuration, string name, Type type)
    {
        try
        {
            configuration[name] = configuration[name].Deserialize(Plain.Of(type)) is { } settings ? Plain.Node(settings) : null;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            // Settings of another model, or with a number that JSON does not have, stay as they are: every field of them counts as a change.
        }
    }

    private static void Flatten(JsonNode? node, string name, Dictionary<string, string> fields)
    {
        // Lists are told as a whole.
        if (node is not JsonObject o) fields[name] = node?.ToJsonString() ?? "null";
        else foreach (var (field, value) in o) Flatten(value, name.Length == 0 ? field : $"{name}.{field}", fields);
    }
}
