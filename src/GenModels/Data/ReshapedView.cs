namespace GenModels.Data;

/// <summary>A source whose examples are given another shape.</summary>
internal sealed class ReshapedView : ExampleView
{
    public ReshapedView(IExampleSource source, ValueList<long> shape) : base(source)
    {
        foreach (long size in shape) Guard.Positive(size, nameof(shape));
        if (shape.Size() != source.ExampleShape.Size())
            throw new ArgumentException(
                $"The shape {Guard.Shape(shape)} has {shape.Size()} values, expected {source.ExampleShape.Size()}, as many as there are in {Guard.Shape(source.ExampleShape)}.",
                nameof(shape));
        ExampleShape = shape;
    }

    public override IReadOnlyList<long> ExampleShape { get; }
}
