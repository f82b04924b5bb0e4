using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public class SquaredDistanceTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 3, 17, 5 }, { 4, 16, 64 }, { 5, 8, 1 }, { 9, 33, 784 }, { 130, 259, 7 },
    };

    [Theory, MemberData(nameof(Sizes))]
    public void Every_distance_is_the_sum_of_squared_differences_in_order_whatever_the_width_of_vectors(int rows, int others, int inner)
    {
        double[] a = Random(rows * inner, 1), b = Random(others * inner, 2);
        double[] expected = [.. Enumerable.Range(0, rows).SelectMany(i => Enumerable.Range(0, others).Select(j => Sum(a, i, b, j, inner)))];
        Filled<FourDoubles>(a, b, rows, others, inner).Should().Equal(expected);
        Filled<EightDoubles>(a, b, rows, others, inner).Should().Equal(expected);
    }

    [Fact]
    public void A_distance_is_the_same_from_both_ends_and_0_between_equal_rows_far_from_the_origin()
    {
        double[] points = [.. Random(40 * 6, 3).Select(v => v + 1e9)];
        double[] distances = Filled<FourDoubles>(points, points, 40, 40, 6);
        for (int i = 0; i < 40; i++)
        {
            distances[i * 40 + i].Should().Be(0);
            for (int j = 0; j < i; j++) distances[i * 40 + j].Should().Be(distances[j * 40 + i]).And.BePositive();
        }
    }

    private static double Sum(double[] a, int i, double[] b, int j, int inner)
    {
        double sum = 0;
        for (int k = 0; k < inner; k++)
        {
            double difference = a[i * inner + k] - b[j * inner + k];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }
        return sum;
    }

    private static unsafe double[] Filled<T>(double[] a, double[] b, int rows, int others, int inner) where T : unmanaged, IDoubleLanes<T>
    {
        var distances = new double[rows * others];
        fixed (double* x = a, y = b, target = distances) SquaredDistance.Fill<T>(x, rows, y, others, inner, target);
        return distances;
    }

    private static double[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 4 - 2)];
    }
}
