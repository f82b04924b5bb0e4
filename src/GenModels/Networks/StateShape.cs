namespace GenModels.Networks;

/// <summary>A weight or buffer that a configuration implies, told without making the model.</summary>
/// <param name="Name">Its name in <see cref="ITrainable.State"/>.</param>
/// <param name="Shape">Its sizes.</param>
internal readonly record struct StateShape(string Name, params long[] Shape);

internal static class StateShapes
{
    /// <summary>The same under the name of the network that they belong to.</summary>
    public static IEnumerable<StateShape> Under(this IEnumerable<StateShape> shapes, string network) =>
        shapes.Select(s => s with { Name = $"{network}.{s.Name}" });

    /// <summary>The same under the name of the network that they belong to; none where the network is not the model's own.</summary>
    public static IEnumerable<StateShape> Under(this IEnumerable<StateShape> shapes, string network, IReadOnlyCollection<string> exceptFor) =>
        exceptFor.Contains(network) ? [] : shapes.Under(network);
}
