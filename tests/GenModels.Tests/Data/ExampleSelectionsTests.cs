using GenModels.Data;

namespace GenModels.Tests.Data;

public class ExampleSelectionsTests
{
    private const int Count = 30;

    // Every example tells its index, its label is the index modulo 3, and its condition vector is (index, −index).
    private static readonly ArraySource Plain = new([.. Enumerable.Range(0, Count).Select(i => (float)i)], 1);
    private static readonly ExampleView Whole = Plain
        .WithLabels([.. Enumerable.Range(0, Count).Select(i => i % 3)], classes: 5)
        .WithConditions([.. Enumerable.Range(0, Count).Select(i => new float[] { i, -i })]);

    [Fact]
    public void Labels_and_vectors_are_added_to_any_source()
    {
        (Whole.Count, Whole.Classes, Whole.ConditionSize).Should().Be((Count, 5, 2));
        Whole.ExampleShape.Should().Equal(1);
        Tell(Whole).Should().Equal(Enumerable.Range(0, Count));
        Plain.WithLabels(new int[Count]).Classes.Should().Be(1);
        Plain.WithConditions(new float[Count, 3]).ConditionSize.Should().Be(3);
    }

    [Fact]
    public void Selections_keep_labels_and_vectors_with_their_examples()
    {
        Tell(Whole.Take(4)).Should().Equal(0, 1, 2, 3);
        Tell(Whole.Select(7, 2, 2, 29)).Should().Equal(7, 2, 2, 29);
        Tell(Whole.Where(label => label is 0 or 2).Take(5)).Should().Equal(0, 2, 3, 5, 6);
        Tell(Whole.Where(label => label == 1).Select(9, 0)).Should().Equal(28, 1);
        foreach (var part in new[] { Whole.Take(1), Whole.Where(label => label == 0), Whole.Shuffle(1), Whole.Split(0.5, 1).Test })
            (part.Classes, part.ConditionSize).Should().Be((5, 2));
    }

    [Fact]
    public void A_selection_of_a_selection_takes_what_was_selected()
    {
        var selected = Whole.Shuffle(3).Take(10).Select(9, 0, 5).Split(2, 4).Train;
        int[] shuffled = Tell(Whole.Shuffle(3));
        Tell(selected).Should().HaveCount(2).And.BeSubsetOf([shuffled[9], shuffled[0], shuffled[5]]);
    }

    [Fact]
    public void What_is_added_to_a_selection_belongs_to_its_examples()
    {
        var told = Plain.Select(5, 6, 7).WithLabels([2, 1, 0]).Select(2, 0);
        told.Label(0).Should().Be(0);
        told.Label(1).Should().Be(2);
        Examples.InOrder(told, 0, 2).Values().Should().Equal(7, 5);
    }

    [Fact]
    public void A_seed_decides_the_order()
    {
        Tell(Whole.Shuffle(1)).Should().Equal(Tell(Whole.Shuffle(1))).And.NotEqual(Tell(Whole.Shuffle(2))).And.BeEquivalentTo(Enumerable.Range(0, Count));
    }

    [Theory]
    [InlineData(0.9, 27)]
    [InlineData(0.5, 15)]
    [InlineData(1e-9, 1)]
    [InlineData(0.999999, 29)]
    public void A_split_shares_out_the_shuffled_examples(double fraction, int expected)
    {
        var (train, test) = Whole.Split(fraction, seed: 6);
        train.Count.Should().Be(expected);
        Tell(train).Concat(Tell(test)).Should().Equal(Tell(Whole.Shuffle(6)));
        Tell(Whole.Split(expected, seed: 6).Train).Should().Equal(Tell(train));
    }

    [Fact]
    public void Images_stay_images()
    {
        var digits = DataSets.Digits().Test;
        var threes = digits.Where(label => label is 3 or 5);
        threes.Labels.Should().OnlyContain(label => label == 3 || label == 5).And.HaveCount(digits.Labels.Count(label => label is 3 or 5));
        threes.Classes.Should().Be(10);
        int third = digits.Labels.ToList().IndexOf(3);
        digits.Select(third).Pixels(0).ToArray().Should().Equal(digits.Pixels(third).ToArray());
        var (train, test) = digits.Shuffle(1).Split(100, seed: 2);
        (train.Count, test.Count).Should().Be((100, digits.Count - 100));
        // The same order for images as for any source.
        train.Labels.Select(label => (int)label).Should().Equal(Enumerable.Range(0, 100).Select(((IExampleSource)digits).Shuffle(1).Split(100, seed: 2).Train.Label));
    }

    [Fact]
    public void What_can_not_be_selected_is_named()
    {
        Rejects<ArgumentException>(() => Whole.Select(), "There are no indices, expected at least one.*");
        Rejects<ArgumentOutOfRangeException>(() => Whole.Select(3, 30), "The index is 30, expected a value in [0, 30).*");
        Rejects<ArgumentOutOfRangeException>(() => Whole.Take(31), "The count is 31, expected a value in [1, 30].*");
        Rejects<ArgumentException>(() => Whole.Where(label => label == 4), "No example has such a label, of 30 in 5 classes.*");
        Rejects<InvalidOperationException>(() => Plain.Where(_ => true), "The examples have no labels to choose by*WithLabels.");
        foreach (double fraction in new[] { 0, 1, -0.1, double.NaN })
            Rejects<ArgumentOutOfRangeException>(() => Whole.Split(fraction, 1), "The fraction is *, expected a value in (0, 1)*");
        foreach (int count in new[] { 0, 30, int.MinValue })
            Rejects<ArgumentOutOfRangeException>(() => Whole.Split(count, 1), $"The first part would have {count} of 30 examples, expected a number in [1, 29].*");
        Rejects<ArgumentException>(() => Plain.Take(1).Split(0.5, 1), "*expected at least 2*");
    }

    [Fact]
    public void Labels_and_vectors_that_do_not_fit_are_named()
    {
        Rejects<ArgumentException>(() => Plain.WithLabels([1]), "There are 1 labels for 30 examples*");
        Rejects<ArgumentException>(() => Plain.WithLabels([.. new int[29], -1]), "Label 29 is -1, expected 0 or more.*");
        Rejects<ArgumentException>(() => Plain.WithLabels([4, .. new int[29]], classes: 4), "Label 0 is 4, expected less than 4*");
        Rejects<ArgumentException>(() => Plain.WithLabels([int.MaxValue, .. new int[29]]), "Label 0 is 2147483647, expected less*");
        Rejects<ArgumentException>(() => Plain.WithConditions(new float[29, 2]), "There are 29 condition vectors for 30 examples*");
        Rejects<ArgumentException>(() => Plain.WithConditions(new ArraySource(new float[60], 1, 2)), "*[1, 2], expected one dimension*");
    }

    [Fact]
    public void What_is_not_there_is_not_read()
    {
        Rejects<InvalidOperationException>(() => Plain.Take(2).Label(0), "*no labels*");
        Rejects<InvalidOperationException>(() => Plain.Take(2).GatherConditions([0], new float[1]), "*no condition vectors*");
        Rejects<ArgumentOutOfRangeException>(() => Whole.Take(2).Label(2), "The index is 2*[0, 2)*");
        Rejects<ArgumentOutOfRangeException>(() => Whole.Label(-1), "The index is -1*");
        var values = new float[] { -1, -1, -1, -1 };
        Rejects<ArgumentOutOfRangeException>(() => Whole.Take(2).Gather([0, 2], values.AsSpan(0, 2)), "Index 1 of the batch is 2*[0, 2)*");
        Rejects<ArgumentOutOfRangeException>(() => Whole.Take(2).GatherConditions([0, 2], values), "Index 1 of the batch is 2*[0, 2)*");
        Rejects<ArgumentException>(() => Whole.Take(2).Gather([0], values), "The destination holds 4 values, expected 1*");
        values.Should().Equal(-1, -1, -1, -1);
    }

    /// <summary>The indices that the examples tell, after it is seen that labels and vectors tell the same.</summary>
    private static int[] Tell(ExampleView view)
    {
        int[] order = [.. Enumerable.Range(0, view.Count)];
        float[] examples = new float[view.Count], vectors = new float[2 * view.Count];
        view.Gather(order, examples);
        view.GatherConditions(order, vectors);
        vectors.Should().Equal(examples.SelectMany(value => new[] { value, -value }));
        order.Select(view.Label).Should().Equal(examples.Select(value => (int)value % 3));
        return [.. examples.Select(value => (int)value)];
    }

    private static void Rejects<T>(Action act, string message) where T : Exception => act.Should().ThrowExactly<T>().WithMessage(message);
}
