namespace GenModels.Data;

/// <summary>A source whose examples are given condition vectors, themselves the examples of another source.</summary>
internal sealed class ConditionedView : ExampleView
{
    private readonly ArraySource _vectors;

    public ConditionedView(IExampleSource source, ArraySource vectors) : base(source)
    {
        if (vectors.Count != source.Count)
            throw new ArgumentException($"There are {vectors.Count} condition vectors for {source.Count} examples, expected one for each.", nameof(vectors));
        if (vectors.ExampleShape.Count != 1)
            throw new ArgumentException($"The condition vectors have the shape {Guard.Shape(vectors.ExampleShape)}, expected one dimension.", nameof(vectors));
        _vectors = vectors;
    }

    public override int ConditionSize => (int)_vectors.ExampleShape[0];

    public override void GatherConditions(ReadOnlySpan<int> indices, Span<float> destination) => _vectors.Gather(indices, destination);
}
