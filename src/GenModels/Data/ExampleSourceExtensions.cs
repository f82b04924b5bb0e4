using GenModels.Kernels;
using TorchSharp;

namespace GenModels.Data;

/// <summary>Reads examples, and says what they are.</summary>
public static class ExampleSourceExtensions
{
    /// <summary>Copies some consecutive examples into a tensor on the CPU.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>Shape [count, example shape], owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The source has no such examples.</exception>
    public static torch.Tensor ToTensor(this IExampleSource source, int start, int count)
    {
        Guard.NotNull(source);
        Guard.NotNegative(start);
        Guard.AtLeast(count, 1);
        if (count > source.Count - start)
            throw new ArgumentOutOfRangeException(
                nameof(count), $"Examples {Guard.Text(start)} to {Guard.Text((long)start + count - 1)} were asked for, expected at most {source.Count - 1}.");
        var tensor = torch.empty([count, .. source.ExampleShape]);
        source.Gather([.. Enumerable.Range(start, count)], TensorMemory.Floats(tensor));
        return tensor;
    }

    /// <summary>Some consecutive examples with their conditions, as a conditional model takes them.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="condition">What the model is told, its <c>Condition</c>; null leaves the batch without conditions.</param>
    /// <param name="device">Where the tensors shall live; null is the CPU.</param>
    /// <returns>Tensors that are owned by the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The source has no such examples.</exception>
    /// <exception cref="ArgumentException">The source does not tell the condition of its examples.</exception>
    public static Batch ToBatch(this IExampleSource source, int start, int count, Condition? condition = null, torch.Device? device = null)
    {
        using var scope = torch.NewDisposeScope();
        var examples = source.ToTensor(start, count).to(device ?? torch.CPU);
        condition?.Check(source, nameof(source));
        var conditions = condition?.Gather(source, [.. Enumerable.Range(start, count)]).to(device ?? torch.CPU);
        return new Batch(examples.MoveToOuterDisposeScope(), conditions?.MoveToOuterDisposeScope());
    }

    /// <summary>Gives the examples another shape, with their values in the same order: <c>mnist.Reshape(1, 28, 28)</c> makes images of vectors.</summary>
    /// <param name="source">The examples, which are read from it as they were.</param>
    /// <param name="shape">The sizes, with as many values as an example has; images are [channels, height, width].</param>
    /// <exception cref="ArgumentException">The shape has another number of values.</exception>
    public static ExampleView Reshape(this IExampleSource source, params ReadOnlySpan<long> shape) =>
        new ReshapedView(Guard.NotNull(source), [.. shape]);

    /// <summary>Says to which class each example belongs.</summary>
    /// <param name="source">The examples, which are read from it as they were.</param>
    /// <param name="labels">A label for each example, from 0 on; the array is kept and not copied.</param>
    /// <param name="classes">The number of classes; where none is given, the largest label + 1.</param>
    /// <exception cref="ArgumentException">There are fewer labels than examples or more, or a label is no class.</exception>
    public static ExampleView WithLabels(this IExampleSource source, int[] labels, int? classes = null) =>
        new LabeledView(Guard.NotNull(source), Guard.NotNull(labels), classes);

    /// <summary>Gives each example a vector that tells what it is.</summary>
    /// <param name="source">The examples, which are read from it as they were.</param>
    /// <param name="vectors">A vector for each example, of shape [values].</param>
    /// <exception cref="ArgumentException">There are fewer vectors than examples or more, or they have another shape.</exception>
    public static ExampleView WithConditions(this IExampleSource source, ArraySource vectors) =>
        new ConditionedView(Guard.NotNull(source), Guard.NotNull(vectors));

    /// <inheritdoc cref="WithConditions(IExampleSource, ArraySource)"/>
    /// <param name="source">The examples, which are read from it as they were.</param>
    /// <param name="vectors">A row of finite values for each example; the values are copied.</param>
    public static ExampleView WithConditions(this IExampleSource source, float[,] vectors) => source.WithConditions(ArraySource.Of(vectors));

    /// <inheritdoc cref="WithConditions(IExampleSource, ArraySource)"/>
    /// <param name="source">The examples, which are read from it as they were.</param>
    /// <param name="vectors">As many finite values for each example; they are copied.</param>
    public static ExampleView WithConditions(this IExampleSource source, IReadOnlyList<float[]> vectors) => source.WithConditions(ArraySource.Of(vectors));
}
