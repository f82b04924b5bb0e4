using GenModels.Data;

namespace GenModels.Tests.Data;

public sealed class ArraySourceTests
{
    [Fact]
    public void Gathers_examples_in_the_order_asked_for()
    {
        var source = new ArraySource([0, 1, 10, 11, 20, 21], 1, 2);
        var gathered = new float[8];

        source.Gather([2, 0, 2, 1], gathered);

        source.Count.Should().Be(3);
        source.ExampleShape.Should().Equal(1, 2);
        source.Values.ToArray().Should().Equal(0, 1, 10, 11, 20, 21);
        gathered.Should().Equal(20, 21, 0, 1, 20, 21, 10, 11);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_not_finite_is_named_with_its_example_and_position(float value, string text)
    {
        var make = () => new ArraySource([0, 1, 2, 3, 4, value], 2);

        make.Should().Throw<ArgumentException>().WithParameterName("values").WithMessage($"Value 1 of example 2 is {text}, expected a finite number.*");
    }

    [Fact]
    public void The_length_is_a_whole_number_of_examples()
    {
        Error(() => new ArraySource(new float[5], 2)).Should().StartWith("There are 5 values, expected a positive multiple of 2");
        Error(() => new ArraySource([], 2)).Should().StartWith("There are 0 values");
        Error(() => new ArraySource(new float[4])).Should().StartWith("The shape of an example is empty");
        Error(() => new ArraySource(new float[4], 2, 0)).Should().StartWith("The shape of an example is [2, 0]");
    }

    [Fact]
    public void Gather_checks_its_arguments()
    {
        var source = new ArraySource(new float[6], 2);

        source.Invoking(s => s.Gather([3], new float[2])).Should().Throw<ArgumentOutOfRangeException>().WithParameterName("indices");
        source.Invoking(s => s.Gather([1], new float[3])).Should().Throw<ArgumentException>().WithParameterName("destination");
    }

    [Fact]
    public void Rows_arrays_and_tensors_give_the_same_examples()
    {
        using var scope = torch.NewDisposeScope();
        float[,] rows = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
        foreach (var source in new[]
        {
            ArraySource.Of(rows), ArraySource.Of([[1, 2], [3, 4], [5, 6]]), ArraySource.Of([[1, 2], [3, 4], [5, 6]], 2),
            ArraySource.Of(torch.tensor(rows)), ArraySource.Of(torch.tensor(new double[,] { { 1, 3, 5 }, { 2, 4, 6 } }).t()),
            ArraySource.Of(torch.tensor(rows).to(torch.ScalarType.Float16)),
        })
        {
            (source.Count, source.ExampleShape.Single()).Should().Be((3, 2));
            source.Values.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        }
        ArraySource.Of([[1, 2, 3, 4]], 1, 2, 2).ExampleShape.Should().Equal(1, 2, 2);
        ArraySource.Of(torch.zeros([5, 1, 2, 3])).ExampleShape.Should().Equal(1, 2, 3);
    }

    [Fact]
    public void What_is_made_from_rows_arrays_and_tensors_is_a_copy()
    {
        using var scope = torch.NewDisposeScope();
        float[,] rows = { { 1, 2 } };
        float[] example = [1, 2];
        var tensor = torch.tensor(rows);
        ArraySource[] sources = [ArraySource.Of(rows), ArraySource.Of([example]), ArraySource.Of(tensor)];
        rows[0, 0] = example[0] = 9;
        tensor.fill_(9);
        foreach (var source in sources) source.Values.ToArray().Should().Equal(1, 2);
    }

    [Fact]
    public void Rows_arrays_and_tensors_that_are_no_examples_are_named()
    {
        using var scope = torch.NewDisposeScope();
        Error(() => ArraySource.Of(new float[0, 2])).Should().StartWith("There are 0 values");
        Error(() => ArraySource.Of(new float[2, 0])).Should().StartWith("The shape of an example is [0]");
        Error(() => ArraySource.Of([])).Should().StartWith("There are no examples");
        Error(() => ArraySource.Of([[1, 2], [3]])).Should().StartWith("Example 1 has 1 values, expected 2, as the first has");
        Error(() => ArraySource.Of([[1, 2]], 3)).Should().StartWith("There are 2 values, expected a positive multiple of 3");
        Error(() => ArraySource.Of(torch.zeros(3))).Should().StartWith("The tensor has the shape [3], expected [examples, example shape]");
        Error(() => ArraySource.Of(torch.zeros(0, 3))).Should().StartWith("The tensor has the shape [0, 3]");
        Error(() => ArraySource.Of(torch.zeros(1, 3, dtype: torch.int64))).Should().StartWith("The tensor has the type Int64, expected a floating type");
        Error(() => ArraySource.Of(torch.full([1, 1], 1e300, dtype: torch.float64))).Should().StartWith("Value 0 of example 0 is Infinity");
    }

    private static string Error(Func<ArraySource> make) => make.Should().Throw<ArgumentException>().Which.Message;
}
