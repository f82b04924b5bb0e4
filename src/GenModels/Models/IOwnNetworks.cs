namespace GenModels;

/// <summary>A model that takes networks of its caller, which no configuration describes.</summary>
internal interface IOwnNetworks
{
    /// <summary>Which of the model's networks are the caller's, by their names in <see cref="IGenerativeModel.State"/>.</summary>
    IReadOnlyList<string> OwnNetworks { get; }

    /// <summary>The names of the networks that are there.</summary>
    static IReadOnlyList<string> Of(params ReadOnlySpan<(string Name, object? Network)> networks)
    {
        var names = new List<string>();
        foreach (var (name, network) in networks)
            if (network is not null) names.Add(name);
        return names;
    }
}
