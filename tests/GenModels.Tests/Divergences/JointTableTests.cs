using GenModels.Divergences;

namespace GenModels.Tests.Divergences;

public class JointTableTests
{
    /// <summary>Cover and Thomas, example 2.2.1: H(X) = 7/4, H(Y) = 2, H(X|Y) = 11/8, H(Y|X) = 13/8, H(X, Y) = 27/8 bits. There x is the column.</summary>
    private static readonly long[,] Textbook = { { 4, 2, 1, 1 }, { 2, 4, 1, 1 }, { 2, 2, 2, 2 }, { 8, 0, 0, 0 } };

    [Fact]
    public void The_textbooks_example()
    {
        var table = JointTable.FromCounts(Textbook);
        table.EntropyY(LogBase.Bits).Should().BeApproximately(7.0 / 4, 1e-15);
        table.EntropyX(LogBase.Bits).Should().Be(2);
        table.ConditionalEntropyYGivenX(LogBase.Bits).Should().BeApproximately(11.0 / 8, 1e-15);
        table.ConditionalEntropyXGivenY(LogBase.Bits).Should().BeApproximately(13.0 / 8, 1e-15);
        table.JointEntropy(LogBase.Bits).Should().BeApproximately(27.0 / 8, 1e-15);
        table.MutualInformation(LogBase.Bits).Should().BeApproximately(3.0 / 8, 1e-15);
    }

    [Fact]
    public void A_conditional_is_the_joint_over_the_marginal()
    {
        var table = JointTable.FromCounts(new long[,] { { 1, 3, 0 }, { 2, 1, 5 } });
        (table.Rows, table.Columns).Should().Be((2, 3));
        table[1, 2].Should().Be(5.0 / 12);
        table.MarginalX().Should().Equal(4.0 / 12, 8.0 / 12);
        table.MarginalY().Should().Equal(3.0 / 12, 4.0 / 12, 5.0 / 12);
        table.ConditionalYGivenX(0).Should().Equal(0.25, 0.75, 0);
        table.ConditionalXGivenY(0).Should().Equal(1.0 / 3, 2.0 / 3);
        for (int x = 0; x < 2; x++)
        {
            for (int y = 0; y < 3; y++)
            {
                table.ConditionalYGivenX(x)[y].Should().BeApproximately(table[x, y] / table.MarginalX()[x], 1e-15);
                table.ConditionalXGivenY(y)[x].Should().BeApproximately(table[x, y] / table.MarginalY()[y], 1e-15);
            }
        }
    }

    [Fact]
    public void The_chain_rule_and_the_identities_of_mutual_information_hold()
    {
        var random = new Random(4);
        for (int round = 0; round < 200; round++)
        {
            var counts = new long[1 + round % 5, 1 + round % 7];
            for (int i = 0; i < counts.Length; i++) counts[i / counts.GetLength(1), i % counts.GetLength(1)] = random.Next(0, 20);
            counts[0, 0] = 1;
            var table = JointTable.FromCounts(counts);
            table.JointEntropy().Should().BeApproximately(table.EntropyX() + table.ConditionalEntropyYGivenX(), 1e-14);
            table.JointEntropy().Should().BeApproximately(table.EntropyY() + table.ConditionalEntropyXGivenY(), 1e-14);
            table.MutualInformation().Should().BeApproximately(table.EntropyX() - table.ConditionalEntropyXGivenY(), 1e-14).And.BeGreaterThanOrEqualTo(0);
        }
    }

    [Fact]
    public void Independent_counts_share_exactly_nothing_and_a_function_leaves_nothing_open()
    {
        JointTable.FromCounts(new long[,] { { 3, 7, 11 }, { 9, 21, 33 } }).MutualInformation().Should().Be(0);
        JointTable.FromProbabilities(new[,] { { 0.1, 0.2 }, { 0.2333333333333333, 0.4666666666666667 } }).MutualInformation().Should().BeInRange(0, 1e-30);

        var decided = JointTable.FromCounts(new long[,] { { 5, 0 }, { 0, 3 }, { 4, 0 } });
        decided.ConditionalEntropyYGivenX().Should().Be(0);
        decided.MutualInformation().Should().BeApproximately(decided.EntropyY(), 1e-15);
    }

    [Fact]
    public void One_count_in_10_to_the_15_still_shows()
    {
        long a = 30000001, b = 20000003, x = 30000007, y = 10000019;
        JointTable.FromCounts(new[,] { { a * x, a * y }, { b * x, b * y } }).MutualInformation().Should().Be(0);

        // One more in the first cell moves each p(x, y) − p(x)p(y) by by/N², and to second order the information is ½Σ of its square over p(x)p(y).
        double total = (double)(a + b) * (x + y), shift = b * y / (total * total);
        double expected = ((long[])[a * x, a * y, b * x, b * y]).Sum(count => shift * shift / (count / total)) / 2;
        JointTable.FromCounts(new[,] { { a * x + 1, a * y }, { b * x, b * y } }).MutualInformation().Should().BeApproximately(expected, 1e-10 * expected);
    }

    [Fact]
    public void What_never_happens_cannot_be_conditioned_on()
    {
        var table = JointTable.FromCounts(new long[,] { { 1, 0 }, { 0, 0 } });
        FluentActions.Invoking(() => table.ConditionalYGivenX(1)).Should().Throw<InvalidOperationException>().WithMessage("*x = 1*");
        FluentActions.Invoking(() => table.ConditionalXGivenY(1)).Should().Throw<InvalidOperationException>().WithMessage("*y = 1*");
        FluentActions.Invoking(() => table.ConditionalXGivenY(2)).Should().Throw<ArgumentOutOfRangeException>().WithMessage("y is 2,*");
        table.ConditionalEntropyYGivenX().Should().Be(0);
        table.MutualInformation().Should().Be(0);
    }

    [Fact]
    public void Bad_tables_are_rejected_with_the_place()
    {
        FluentActions.Invoking(() => JointTable.FromCounts(new long[,] { { 1, 2 }, { 3, -4 } })).Should().Throw<ArgumentException>().WithMessage("counts[1, 1] is -4,*");
        FluentActions.Invoking(() => JointTable.FromCounts(new long[2, 2])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => JointTable.FromCounts(new long[0, 2])).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => JointTable.FromProbabilities(new[,] { { 0.5, double.NaN } })).Should().Throw<ArgumentException>().WithMessage("*[0, 1] is NaN,*");
        FluentActions.Invoking(() => JointTable.FromProbabilities(new[,] { { 0.5, 0.4 } })).Should().Throw<ArgumentException>().WithMessage("*sum to 0.9,*");
    }
}
