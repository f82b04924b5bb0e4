using GenModels.Reporting;

namespace GenModels.Tests.Reporting;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 100, "0 20 40 60 80 100")]
    [InlineData(1, 20, "5 10 15 20")]
    [InlineData(-0.3, 0.3, "-0.3 -0.2 -0.1 0 0.1 0.2 0.3")]
    [InlineData(86.1, 86.9, "86.1 86.2 86.3 86.4 86.5 86.6 86.7 86.8 86.9")]
    [InlineData(0, 4e7, "0 1e7 2e7 3e7 4e7")]
    [InlineData(0, 3e-5, "0 5e-6 1e-5 1.5e-5 2e-5 2.5e-5 3e-5")]
    [InlineData(5, 5, "4.6 4.8 5 5.2 5.4")]
    [InlineData(0, 0, "-1 -0.5 0 0.5 1")]
    public void Linear_ticks_are_round_numbers(double low, double high, string expected)
    {
        Labels(Axis.Covering([low, high], isLogarithmic: false, 0, 1)).Should().Be(expected);
    }

    [Theory]
    [InlineData(1, 1, "1")]
    [InlineData(0, 0, "-1 0 1")]
    [InlineData(1, 2, "1 2")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 10, "2 4 6 8 10")]
    [InlineData(1, 60, "0 10 20 30 40 50 60")]
    [InlineData(1, 4e7, "0 1e7 2e7 3e7 4e7")]
    public void Ticks_of_an_axis_that_counts_are_whole_numbers(double low, double high, string expected)
    {
        Labels(Axis.Counting([low, high], 0, 1)).Should().Be(expected);
    }

    [Theory]
    [InlineData(1, 1000, "1 10 100 1000")]
    [InlineData(1e-6, 1e6, "1e-6 0.0001 0.01 1 100 10000 1e6")]
    [InlineData(30, 900, "50 100 200 500 1000")]
    [InlineData(90, 110, "90 95 100 105 110")]
    [InlineData(7, 7, "6 6.5 7 7.5 8")]
    public void Logarithmic_ticks_are_powers_of_ten_or_what_a_narrow_range_needs(double low, double high, string expected)
    {
        Labels(Axis.Covering([low, high], isLogarithmic: true, 0, 1)).Should().Be(expected);
    }

    [Fact]
    public void Ticks_rise_stay_in_range_and_have_different_labels_for_any_range()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var isLogarithmic = i % 2 == 0;
            var low = Math.Pow(10, random.Next(-100, 99)) * (isLogarithmic || random.Next(2) == 0 ? 1 : -1);
            var high = low + Math.Abs(low) * Math.Pow(10, random.Next(-16, 3)) * random.NextDouble();

            var axis = Axis.Covering([high, low], isLogarithmic, 100, 0);

            axis.Ticks.Count.Should().BeInRange(3, 16, "the range is [{0}, {1}], logarithmic {2}", low, high, isLogarithmic);
            axis.Ticks.Should().BeInAscendingOrder().And.AllSatisfy(tick => axis.Place(tick).Should().BeInRange(-1e-6, 100 + 1e-6));
            axis.Ticks.Select(axis.Label).Should().OnlyHaveUniqueItems();
            axis.Place(low).Should().BeGreaterThan(axis.Place(high) - 1e-6).And.BeInRange(0, 100);
        }
    }

    [Fact]
    public void Values_are_placed_in_proportion()
    {
        var linear = Axis.Covering([0, 10], isLogarithmic: false, 0, 108);
        var logarithmic = Axis.Covering([1, 100], isLogarithmic: true, 108, 0);

        // The margins are 4 % of the range on each side.
        linear.Place(0).Should().BeApproximately(4, 1e-9);
        linear.Place(2.5).Should().BeApproximately(29, 1e-9);
        logarithmic.Place(1).Should().BeApproximately(104, 1e-9);
        logarithmic.Place(10).Should().BeApproximately(54, 1e-9);
        linear.WithDensity(5).Place(5).Should().BeApproximately(54, 1e-9);
        linear.WithDensity(5).Place(6).Should().BeApproximately(59, 1e-9);
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(double.NegativeInfinity, false)]
    [InlineData(1e101, false)]
    [InlineData(0, true)]
    [InlineData(-1, true)]
    [InlineData(1e-101, true)]
    public void Values_without_a_place_are_known(double value, bool isLogarithmic)
    {
        Axis.CanShow(value, isLogarithmic).Should().BeFalse();
        Axis.CanShow(1, isLogarithmic).Should().BeTrue();
    }

    private static string Labels(Axis axis) => string.Join(' ', axis.Ticks.Select(axis.Label));
}
