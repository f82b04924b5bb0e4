namespace GenModels.Data;

/// <summary>
/// Examples of another source, some of them chosen or told apart by labels or vectors: what the methods of <see cref="ExampleSelections"/> and
/// <see cref="ExampleSourceExtensions"/> give. It reads from that source, copies no examples, keeps labels and vectors, and disposes nothing.
/// </summary>
/// <remarks>Classes outside this library can't derive from it; they implement <see cref="IExampleSource"/>.</remarks>
public abstract class ExampleView : ILabeledSource, IConditionedSource
{
    private protected ExampleView(IExampleSource source) => Source = source;

    internal IExampleSource Source { get; }

    /// <inheritdoc/>
    public virtual int Count => Source.Count;

    /// <inheritdoc/>
    public virtual IReadOnlyList<long> ExampleShape => Source.ExampleShape;

    /// <inheritdoc/>
    public virtual int Classes => Source is ILabeledSource labeled ? labeled.Classes : 0;

    /// <inheritdoc/>
    public virtual int ConditionSize => Source is IConditionedSource conditioned ? conditioned.ConditionSize : 0;

    /// <inheritdoc/>
    public virtual void Gather(ReadOnlySpan<int> indices, Span<float> destination) => Source.Gather(indices, destination);

    /// <inheritdoc/>
    public virtual int Label(int index) => Source is ILabeledSource labeled
        ? labeled.Label(index)
        : throw new InvalidOperationException("The examples have no labels: give them some by WithLabels.");

    /// <inheritdoc/>
    public virtual void GatherConditions(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (Source is not IConditionedSource conditioned)
            throw new InvalidOperationException("The examples have no condition vectors: give them some by WithConditions.");
        conditioned.GatherConditions(indices, destination);
    }
}
