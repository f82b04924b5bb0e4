using GenModels.Numerics;

namespace GenModels.Divergences;

/// <summary>
/// The joint distribution p(x, y) of two discrete variables as a table, x by row and y by column, with its marginals, its conditionals
/// and the measures of information they share (Cover and Thomas, sections 2.2 to 2.4).
/// </summary>
public sealed class JointTable
{
    private readonly double[,] _weights;
    private readonly double[] _rowSums;
    private readonly double[] _columnSums;
    private readonly double _total;

    private JointTable(double[,] weights)
    {
        _weights = weights;
        _rowSums = Enumerable.Range(0, Rows).Select(x => Sum(Row(x))).ToArray();
        _columnSums = Enumerable.Range(0, Columns).Select(y => Sum(Column(y))).ToArray();
        _total = Sum(_rowSums);
    }

    /// <summary>The number of values of x.</summary>
    public int Rows => _weights.GetLength(0);

    /// <summary>The number of values of y.</summary>
    public int Columns => _weights.GetLength(1);

    /// <summary>p(x, y).</summary>
    /// <param name="x">The row, from 0.</param>
    /// <param name="y">The column, from 0.</param>
    public double this[int x, int y] => _weights[x, y] / _total;

    /// <summary>The table of relative frequencies.</summary>
    /// <param name="counts">How often each pair was seen: at least 0, with at least one above.</param>
    /// <exception cref="ArgumentException">A count is negative (the message names its indices), or all are 0.</exception>
    public static JointTable FromCounts(long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return Checked(counts.GetLength(0), counts.GetLength(1), (x, y) => counts[x, y], nameof(counts));
    }

    /// <summary>The table of given probabilities.</summary>
    /// <param name="probabilities">p(x, y): finite, at least 0, with a sum of 1 within 1e-6; they are divided by their sum.</param>
    /// <exception cref="ArgumentException">An element is negative, NaN or infinite (the message names its indices), or the sum is not 1.</exception>
    public static JointTable FromProbabilities(double[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var table = Checked(probabilities.GetLength(0), probabilities.GetLength(1), (x, y) => probabilities[x, y], nameof(probabilities));
        if (!(Math.Abs(table._total - 1) <= Weights.SumTolerance))
            throw new ArgumentException(
                $"The probabilities sum to {Guard.Text(table._total)}, expected 1 within {Guard.Text(Weights.SumTolerance)}. Use {nameof(FromCounts)} for counts.",
                nameof(probabilities));
        return table;
    }

    /// <summary>p(x), one for each row.</summary>
    public double[] MarginalX() => Array.ConvertAll(_rowSums, sum => sum / _total);

    /// <summary>p(y), one for each column.</summary>
    public double[] MarginalY() => Array.ConvertAll(_columnSums, sum => sum / _total);

    /// <summary>p(y|x) = p(x, y) / p(x), one for each column.</summary>
    /// <param name="x">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="InvalidOperationException">p(x) is 0, so that nothing is known of y given x.</exception>
    public double[] ConditionalYGivenX(int x) => Conditional(x, Rows, nameof(x), Row, _rowSums);

    /// <summary>p(x|y) = p(x, y) / p(y), one for each row.</summary>
    /// <param name="y">The column, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    /// <exception cref="InvalidOperationException">p(y) is 0, so that nothing is known of x given y.</exception>
    public double[] ConditionalXGivenY(int y) => Conditional(y, Columns, nameof(y), Column, _columnSums);

    /// <summary>H(X, Y) = −Σ p(x, y) log p(x, y).</summary>
    /// <param name="logBase">The unit of the result; nats by default.</param>
    public double JointEntropy(LogBase logBase = default) => Divergence.Entropy(_weights.Cast<double>().ToArray(), logBase, normalize: true);

    /// <summary>H(X).</summary>
    /// <inheritdoc cref="JointEntropy" path="/param"/>
    public double EntropyX(LogBase logBase = default) => Divergence.Entropy(_rowSums, logBase, normalize: true);

    /// <summary>H(Y).</summary>
    /// <inheritdoc cref="JointEntropy" path="/param"/>
    public double EntropyY(LogBase logBase = default) => Divergence.Entropy(_columnSums, logBase, normalize: true);

    /// <summary>H(Y|X) = Σ p(x)·H(Y|X = x): at least 0, and exactly 0 where x decides y.</summary>
    /// <inheritdoc cref="JointEntropy" path="/param"/>
    public double ConditionalEntropyYGivenX(LogBase logBase = default) => ConditionalEntropy(Row, _rowSums, logBase);

    /// <summary>H(X|Y) = Σ p(y)·H(X|Y = y): at least 0, and exactly 0 where y decides x.</summary>
    /// <inheritdoc cref="JointEntropy" path="/param"/>
    public double ConditionalEntropyXGivenY(LogBase logBase = default) => ConditionalEntropy(Column, _columnSums, logBase);

    /// <summary>
    /// I(X; Y) = KL(p(x, y)‖p(x)p(y)): symmetric, at least 0, and exactly 0 for counts that are independent.
    /// </summary>
    /// <inheritdoc cref="JointEntropy" path="/param"/>
    public double MutualInformation(LogBase logBase = default)
    {
        var sum = new ScaledSum();
        for (int x = 0; x < Rows; x++)
        {
            for (int y = 0; y < Columns; y++)
            {
                // Multiplied by the square of the total; both products are exact, so that independence gives 0.
                var joint = ScaledNumber.Of(_weights[x, y]) * ScaledNumber.Of(_total);
                var product = ScaledNumber.Of(_rowSums[x]) * ScaledNumber.Of(_columnSums[y]);
                var outcome = Outcome.Of(joint, product);
                sum.Add(Terms.KullbackLeibler(outcome), outcome.Exponent);
            }
        }
        var value = sum.Value;
        return logBase.FromNats((value with { High = value.High / _total / _total }).ToDouble());
    }

    private static JointTable Checked(int rows, int columns, Func<int, int, double> element, string name)
    {
        var weights = new double[rows, columns];
        bool any = false;
        for (int x = 0; x < rows; x++)
        {
            for (int y = 0; y < columns; y++)
            {
                double weight = weights[x, y] = element(x, y);
                if (!(weight >= 0) || double.IsInfinity(weight))
                    throw new ArgumentException($"{name}[{x}, {y}] is {Guard.Text(weight)}, expected a finite number that is at least 0.", name);
                any |= weight > 0;
            }
        }
        return any ? new(weights) : throw new ArgumentException($"{name} has no element above 0, expected at least one.", name);
    }

    private static double[] Conditional(int index, int count, string name, Func<int, double[]> slice, double[] sums)
    {
        if ((uint)index >= (uint)count)
            throw new ArgumentOutOfRangeException(name, $"{name} is {Guard.Text(index)}, expected an index from 0 to {Guard.Text(count - 1)}.");
        if (sums[index] == 0)
            throw new InvalidOperationException($"The probability that {name} = {index} is 0, so nothing can be conditioned on it.");
        return Array.ConvertAll(slice(index), weight => weight / sums[index]);
    }

    private double ConditionalEntropy(Func<int, double[]> slice, double[] sums, LogBase logBase)
    {
        var sum = new CompensatedSum();
        for (int i = 0; i < sums.Length; i++)
        {
            if (sums[i] > 0) sum.Add(sums[i] / _total * Divergence.Entropy(slice(i), logBase, normalize: true));
        }
        return sum.Value;
    }

    private double[] Row(int x) => Enumerable.Range(0, Columns).Select(y => _weights[x, y]).ToArray();

    private double[] Column(int y) => Enumerable.Range(0, Rows).Select(x => _weights[x, y]).ToArray();

    private static double Sum(double[] values)
    {
        var sum = new CompensatedSum();
        foreach (double value in values) sum.Add(value);
        return sum.Value;
    }
}
