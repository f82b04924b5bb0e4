namespace GenModels.Tests;

/// <summary>A pixel in color under two components whose scale is about 0.86 levels, so that few colors have a probability worth the name.</summary>
internal static class ColorCase
{
    /// <summary>A line for the logits, red, green and blue: means, logarithms of scales, coefficients. Red is near 0, and blue at either end of the second.</summary>
    public static readonly float[] Parameters =
    [
        0.4f, -0.3f,
        -0.99f, -0.95f, -5, -5, 0.4f, -0.7f,
        0.1f, 0.12f, -5, -5.2f, 0.6f, -0.2f,
        0.5f, 0.45f, -5, -4.9f, -0.3f, 0.8f,
    ];

    /// <summary>All colors but those whose probabilities together are below 1e−5.</summary>
    public static readonly (int Red, int Green, int Blue)[] Colors =
    [
        .. from red in Enumerable.Range(0, 24)
           from green in Enumerable.Range(75, 40).Concat(Enumerable.Range(200, 40))
           from blue in Enumerable.Range(110, 55).Concat(Enumerable.Range(225, 31))
           select (red, green, blue),
    ];

    /// <summary>The colors as rows, and the parameters for each.</summary>
    public static (torch.Tensor X, torch.Tensor Y) Batch() => (
        torch.tensor([.. Colors.SelectMany(c => new[] { c.Red / 255f, c.Green / 255f, c.Blue / 255f })]).view(-1, 3),
        torch.tensor(Parameters).expand(Colors.Length, Parameters.Length).contiguous());
}
