namespace GenModels;

/// <summary>A model that takes networks of its caller, which no configuration describes.</summary>
internal interface IOwnNetworks
{
    /// <summary>Which of the model's networks are the caller's, by their names in <see cref="ITrainable.State"/>.</summary>
    IReadOnlyList<string> OwnNetworks { get; }
}
