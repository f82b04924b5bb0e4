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

    private static string Error(Func<ArraySource> make) => make.Should().Throw<ArgumentException>().Which.Message;
}
