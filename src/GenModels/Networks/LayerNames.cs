using System.Globalization;

namespace GenModels.Networks;

/// <summary>What the parts of a network are called in files.</summary>
internal static class LayerNames
{
    /// <summary>A layer's number behind what it is: <c>0</c>, <c>norm0</c>.</summary>
    public static string Of(string prefix, int layer) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{layer}");
}
