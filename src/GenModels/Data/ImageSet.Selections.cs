namespace GenModels.Data;

// What ExampleSelections does for any source, with images as the result. All selections share the pixels.
public sealed partial class ImageSet
{
    /// <inheritdoc cref="ExampleSelections.Select"/>
    public ImageSet Select(params ReadOnlySpan<int> indices) => At(ExampleChoice.At(Count, indices));

    /// <inheritdoc cref="ExampleSelections.Take"/>
    public ImageSet Take(int count) => Slice(0, count);

    /// <summary>The images from an index on.</summary>
    /// <param name="start">The index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="start"/> is outside [0, <see cref="Count"/>), or <paramref name="count"/> outside [1, <see cref="Count"/> − start].
    /// </exception>
    public ImageSet Slice(int start, int count) => At(ExampleChoice.Range(Count, start, count));

    /// <inheritdoc cref="ExampleSelections.Where"/>
    public ImageSet Where(Func<int, bool> isWanted) => At(ExampleChoice.WithLabel(this, isWanted));

    /// <inheritdoc cref="ExampleSelections.Shuffle"/>
    public ImageSet Shuffle(ulong seed) => At(ExampleChoice.Shuffled(Count, seed));

    /// <inheritdoc cref="ExampleSelections.Split(IExampleSource, double, ulong)"/>
    public DataSplit Split(double trainFraction, ulong seed) => Split(ExampleChoice.Share(Count, trainFraction), seed);

    /// <inheritdoc cref="ExampleSelections.Split(IExampleSource, int, ulong)"/>
    public DataSplit Split(int trainCount, ulong seed)
    {
        var (train, test) = ExampleChoice.Split(Count, trainCount, seed);
        return new DataSplit(At(train), At(test));
    }

    private ImageSet At(int[] indices) => new(
        this, Array.ConvertAll(indices, index => _places[index]), _labels.Length == 0 ? _labels : Array.ConvertAll(indices, index => _labels[index]), Classes, _layout);
}
