namespace GenModels.Data;

/// <summary>A source whose examples are given labels.</summary>
internal sealed class LabeledView : ExampleView
{
    private readonly int[] _labels;

    public LabeledView(IExampleSource source, int[] labels, int? classes) : base(source)
    {
        if (labels.Length != source.Count)
            throw new ArgumentException($"There are {labels.Length} labels for {source.Count} examples, expected one for each.", nameof(labels));
        int lowest = labels.Min(), highest = labels.Max();
        if (lowest < 0) throw new ArgumentException($"Label {Array.IndexOf(labels, lowest)} is {Guard.Text(lowest)}, expected 0 or more.", nameof(labels));
        if (classes <= highest || highest == int.MaxValue)
            throw new ArgumentException(
                $"Label {Array.IndexOf(labels, highest)} is {highest}, expected less than {classes ?? highest}, the number of classes.", nameof(labels));
        (_labels, Classes) = (labels, classes ?? highest + 1);
    }

    public override int Classes { get; }

    public override int Label(int index) => _labels[ExampleLayout.CheckIndex(Count, index)];
}
