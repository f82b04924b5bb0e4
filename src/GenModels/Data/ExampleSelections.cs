namespace GenModels.Data;

/// <summary>
/// Chooses examples of any source, without copying them; labels and condition vectors stay with their examples, and the number of classes stays
/// that of the whole. An <see cref="ImageSet"/> has these methods too, which give an <see cref="ImageSet"/>.
/// </summary>
public static class ExampleSelections
{
    /// <summary>The examples at some indices, in their order. Indices may repeat.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="indices">At least one, each in [0, <see cref="IExampleSource.Count"/>).</param>
    /// <exception cref="ArgumentException">There are no indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The source has no such example.</exception>
    public static ExampleView Select(this IExampleSource source, params ReadOnlySpan<int> indices) =>
        SelectedView.Of(source, ExampleChoice.At(Guard.NotNull(source).Count, indices));

    /// <summary>The first examples.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="count">How many, in [1, <see cref="IExampleSource.Count"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside its range.</exception>
    public static ExampleView Take(this IExampleSource source, int count) =>
        SelectedView.Of(source, ExampleChoice.Range(Guard.NotNull(source).Count, 0, count));

    /// <summary>The examples of some classes, in the source's order: <c>digits.Where(label => label is 3 or 5)</c>.</summary>
    /// <param name="source">The examples, with labels.</param>
    /// <param name="isWanted">Whether examples with a label are taken.</param>
    /// <exception cref="ArgumentException">No example has such a label.</exception>
    /// <exception cref="InvalidOperationException">The examples have no labels.</exception>
    public static ExampleView Where(this IExampleSource source, Func<int, bool> isWanted) =>
        SelectedView.Of(source, ExampleChoice.WithLabel(Guard.NotNull(source) as ILabeledSource, isWanted));

    /// <summary>All examples in random order, every order as likely as any other.</summary>
    /// <param name="source">The examples.</param>
    /// <param name="seed">Decides the order: the same seed gives the same one.</param>
    public static ExampleView Shuffle(this IExampleSource source, ulong seed) =>
        SelectedView.Of(source, ExampleChoice.Shuffled(Guard.NotNull(source).Count, seed));

    /// <summary>Two parts without common examples, to learn from and to measure with: the first and the last of <see cref="Shuffle"/>.</summary>
    /// <param name="source">At least two examples.</param>
    /// <param name="trainFraction">The share of the first part, in (0, 1); neither part is empty.</param>
    /// <param name="seed">Decides which examples come into which part.</param>
    /// <exception cref="ArgumentException">There are fewer than two examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trainFraction"/> is outside its range.</exception>
    public static (ExampleView Train, ExampleView Test) Split(this IExampleSource source, double trainFraction, ulong seed) =>
        source.Split(ExampleChoice.Share(Guard.NotNull(source).Count, trainFraction), seed);

    /// <inheritdoc cref="Split(IExampleSource, double, ulong)"/>
    /// <param name="source">At least two examples.</param>
    /// <param name="trainCount">The number of examples in the first part, in [1, <see cref="IExampleSource.Count"/> − 1].</param>
    /// <param name="seed">Decides which examples come into which part.</param>
    /// <exception cref="ArgumentException">There are fewer than two examples.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="trainCount"/> is outside its range.</exception>
    public static (ExampleView Train, ExampleView Test) Split(this IExampleSource source, int trainCount, ulong seed)
    {
        var (train, test) = ExampleChoice.Split(Guard.NotNull(source).Count, trainCount, seed);
        return (SelectedView.Of(source, train), SelectedView.Of(source, test));
    }
}
