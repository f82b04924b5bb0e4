using System.Runtime.CompilerServices;

namespace GenModels.Data;

/// <summary>Checks of the sources that a caller passes.</summary>
internal static class ExampleSources
{
    /// <summary>Accepts a source with at least one example, all of the shape, that tells of each what a model is conditional on.</summary>
    public static void Check(
        IExampleSource source, IReadOnlyList<long> exampleShape, Condition? condition, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(source, name);
        if (source.Count < 1) throw new ArgumentException("The source has no examples, expected at least one.", name);
        if (!source.ExampleShape.SequenceEqual(exampleShape))
            throw new ArgumentException(
                $"The source's examples have the shape {Guard.Shape(source.ExampleShape)}, the model's {Guard.Shape(exampleShape)}" +
                $"{(source.ExampleShape.Size() == exampleShape.Size() ? ": give them the model's by Reshape." : ".")}", name);
        condition?.Check(source, name);
    }
}
