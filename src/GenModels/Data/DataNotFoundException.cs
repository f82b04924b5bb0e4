namespace GenModels.Data;

/// <summary>A data set is in none of the places where it was looked for. The message lists them, and says how to provide the data.</summary>
public sealed class DataNotFoundException : IOException
{
    internal DataNotFoundException(string name, IReadOnlyList<string> places, string advice)
        : base($"The data set '{name}' was not found. Tried: {string.Join("; ", places)}. {advice}")
    {
        Places = places;
    }

    /// <summary>The folders and addresses that were tried, each with what was wrong with it.</summary>
    public IReadOnlyList<string> Places { get; }
}
