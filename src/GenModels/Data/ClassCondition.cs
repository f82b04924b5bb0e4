using static TorchSharp.torch;

namespace GenModels.Data;

/// <summary>One of several classes. Networks are given it as a one-hot vector, so that the weights behind it are a learned embedding of the class.</summary>
/// <param name="Count">The number of classes, at least 2; labels lie in [0, Count).</param>
public sealed record ClassCondition(int Count) : Condition
{
    /// <inheritdoc/>
    public override int Size => Count;

    internal override void Validate() => Guard.AtLeast(Count, 2);

    internal override void Check(IExampleSource source, string name)
    {
        if (source is not ILabeledSource { Classes: > 0 and var classes })
            throw new ArgumentException($"The model learns from examples of {Count} classes, and these have no labels: give a source with labels.", name);
        if (classes > Count)
            throw new ArgumentException($"The examples are of {classes} classes, expected at most {Count}, as the model has.", name);
    }

    internal override Tensor Gather(IExampleSource source, ReadOnlySpan<int> indices)
    {
        var labeled = (ILabeledSource)source;
        var labels = new long[indices.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = labeled.Label(indices[i]);
        return tensor(labels);
    }

    internal override void Check(Tensor condition, long examples, string name)
    {
        CheckShape(condition, name, ScalarType.Int64, "a label for each example", examples);
        foreach (long label in Labels(condition))
            if (label < 0 || label >= Count) throw new ArgumentOutOfRangeException(name, $"There is a label {Guard.Text(label)}, expected 0 to {Count - 1}.");
    }

    internal override Tensor Encode(Tensor condition)
    {
        long[] labels = Labels(condition);
        var oneHot = new float[labels.Length * Count];
        for (int i = 0; i < labels.Length; i++) oneHot[i * Count + labels[i]] = 1;
        return tensor(oneHot, [labels.Length, Count], device: condition.device);
    }

    private static long[] Labels(Tensor condition)
    {
        using var onCpu = condition.cpu();
        return onCpu.data<long>().ToArray();
    }
}
