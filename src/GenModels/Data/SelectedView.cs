using System.Buffers;

namespace GenModels.Data;

/// <summary>Some examples of a source, in an order of their own.</summary>
internal sealed class SelectedView : ExampleView
{
    private readonly int[] _places;
    private readonly ExampleLayout _layout;
    private readonly ExampleLayout? _conditionLayout;

    private SelectedView(IExampleSource source, int[] places) : base(source)
    {
        (_places, _layout) = (places, new ExampleLayout([.. source.ExampleShape], nameof(source)));
        if (ConditionSize > 0) _conditionLayout = new ExampleLayout([ConditionSize], nameof(source));
    }

    public override int Count => _places.Length;

    /// <summary>The examples at the places. Of another selection it takes what that one was taken from, so that reading goes through one view.</summary>
    /// <param name="source">The source.</param>
    /// <param name="places">Places in it that have been checked.</param>
    public static SelectedView Of(IExampleSource source, int[] places) => source is SelectedView whole
        ? new SelectedView(whole.Source, Array.ConvertAll(places, place => whole._places[place]))
        : new SelectedView(source, places);

    public override void Gather(ReadOnlySpan<int> indices, Span<float> destination)
    {
        _layout.CheckGather(Count, indices, destination);
        AtPlaces(indices, destination, Source.Gather);
    }

    public override int Label(int index) => base.Label(_places[ExampleLayout.CheckIndex(Count, index)]);

    public override void GatherConditions(ReadOnlySpan<int> indices, Span<float> destination)
    {
        if (_conditionLayout is null) base.GatherConditions(indices, destination);
        _conditionLayout?.CheckGather(Count, indices, destination);
        AtPlaces(indices, destination, base.GatherConditions);
    }

    private void AtPlaces(ReadOnlySpan<int> indices, Span<float> destination, Reader read)
    {
        int[] places = ArrayPool<int>.Shared.Rent(indices.Length);
        try
        {
            for (int i = 0; i < indices.Length; i++) places[i] = _places[indices[i]];
            read(places.AsSpan(0, indices.Length), destination);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(places);
        }
    }

    private delegate void Reader(ReadOnlySpan<int> indices, Span<float> destination);
}
