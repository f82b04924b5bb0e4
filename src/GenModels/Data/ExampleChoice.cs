namespace GenModels.Data;

/// <summary>Which examples a selection takes: their indices, checked.</summary>
internal static class ExampleChoice
{
    private const string Purpose = "selection";

    public static int[] At(int count, ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty) throw new ArgumentException("There are no indices, expected at least one.", nameof(indices));
        foreach (int index in indices) ExampleLayout.CheckIndex(count, index, nameof(indices));
        return indices.ToArray();
    }

    public static int[] Range(int count, int start, int taken)
    {
        if (start < 0 || start >= count)
            throw new ArgumentOutOfRangeException(nameof(start), $"The start is {Guard.Text(start)}, expected a value in [0, {count}).");
        if (taken < 1 || taken > count - start)
            throw new ArgumentOutOfRangeException(nameof(count), $"The count is {Guard.Text(taken)}, expected a value in [1, {count - start}].");
        return [.. Enumerable.Range(start, taken)];
    }

    public static int[] WithLabel(ILabeledSource? source, Func<int, bool> isWanted)
    {
        Guard.NotNull(isWanted);
        if (source is not { Classes: > 0 }) throw new InvalidOperationException("The examples have no labels to choose by: give them some by WithLabels.");
        int[] chosen = [.. Enumerable.Range(0, source.Count).Where(index => isWanted(source.Label(index)))];
        return chosen.Length > 0
            ? chosen
            : throw new ArgumentException($"No example has such a label, of {source.Count} in {source.Classes} classes.", nameof(isWanted));
    }

    public static int[] Shuffled(int count, ulong seed) => RandomGenerator.For(seed, Purpose).Permutation(count);

    /// <summary>The indices in random order, in two parts.</summary>
    public static (int[] Train, int[] Test) Split(int count, int trainCount, ulong seed)
    {
        if (count < 2) throw new ArgumentException($"There are {count} examples, expected at least 2 to split.", nameof(count));
        if (trainCount < 1 || trainCount >= count)
            throw new ArgumentOutOfRangeException(nameof(trainCount), $"The first part would have {Guard.Text(trainCount)} of {count} examples, expected a number in [1, {count - 1}].");
        int[] order = Shuffled(count, seed);
        return (order[..trainCount], order[trainCount..]);
    }

    /// <summary>How many of some examples a share of them is: rounded, and such that neither part is empty.</summary>
    public static int Share(int count, double fraction)
    {
        if (!(fraction > 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(fraction), $"The fraction is {Guard.Text(fraction)}, expected a value in (0, 1), such as 0.9.");
        return Math.Clamp((int)Math.Round(fraction * count), 1, Math.Max(1, count - 1));
    }
}
