namespace GenModels.Divergences;

/// <summary>Points in space, arranged so that a point's neighbors are found without looking at all of them (Bentley 1975).</summary>
internal sealed class KdTree
{
    private const int LeafSize = 16;

    private readonly double[] _points;
    private readonly int _dimensions;
    private readonly int[] _order;

    /// <summary>At the middle of each part that is split: the axis along which.</summary>
    private readonly int[] _axes;

    /// <summary>Takes points one after the other, each of as many numbers as there are dimensions.</summary>
    public KdTree(double[] points, int dimensions)
    {
        (_points, _dimensions) = (points, dimensions);
        _order = Enumerable.Range(0, points.Length / dimensions).ToArray();
        _axes = new int[_order.Length];
        Arrange(0, _order.Length);
    }

    /// <summary>
    /// The square of the distance to the k-th nearest among the points that do not coincide with the one asked for (infinity where
    /// there are fewer), and the number of those that do coincide.
    /// </summary>
    public (double SquaredDistance, int Coinciding) Neighbor(ReadOnlySpan<double> point, int k)
    {
        var nearest = new double[k];
        Array.Fill(nearest, double.PositiveInfinity);
        int coinciding = 0;
        Search(0, _order.Length, point, nearest, ref coinciding);
        return (nearest[^1], coinciding);
    }

    /// <summary>Puts the median along the widest axis into the middle, what is smaller before it and what is larger behind; then both halves.</summary>
    private void Arrange(int from, int to)
    {
        while (to - from > LeafSize)
        {
            int axis = WidestAxis(from, to), middle = (from + to) / 2;
            Array.Sort(_order, from, to - from, Comparer<int>.Create((i, j) => At(i, axis).CompareTo(At(j, axis))));
            _axes[middle] = axis;
            Arrange(from, middle);
            from = middle + 1;
        }
    }

    private void Search(int from, int to, ReadOnlySpan<double> point, double[] nearest, ref int coinciding)
    {
        if (to - from <= LeafSize)
        {
            for (int i = from; i < to; i++) Visit(_order[i], point, nearest, ref coinciding);
            return;
        }
        int middle = (from + to) / 2, axis = _axes[middle];
        double side = point[axis] - At(_order[middle], axis);
        Visit(_order[middle], point, nearest, ref coinciding);
        if (side < 0) Search(from, middle, point, nearest, ref coinciding);
        else Search(middle + 1, to, point, nearest, ref coinciding);
        if (side * side > nearest[^1]) return;
        if (side < 0) Search(middle + 1, to, point, nearest, ref coinciding);
        else Search(from, middle, point, nearest, ref coinciding);
    }

    private void Visit(int index, ReadOnlySpan<double> point, double[] nearest, ref int coinciding)
    {
        double square = 0;
        for (int axis = 0; axis < _dimensions; axis++)
        {
            double step = point[axis] - At(index, axis);
            square += step * step;
        }
        if (square == 0) coinciding++;
        else if (square < nearest[^1]) Insert(square, nearest);
    }

    private static void Insert(double square, double[] nearest)
    {
        int i = nearest.Length - 1;
        for (; i > 0 && nearest[i - 1] > square; i--) nearest[i] = nearest[i - 1];
        nearest[i] = square;
    }

    private int WidestAxis(int from, int to)
    {
        int widest = 0;
        double width = -1;
        for (int axis = 0; axis < _dimensions; axis++)
        {
            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = from; i < to; i++)
            {
                double value = At(_order[i], axis);
                (least, most) = (Math.Min(least, value), Math.Max(most, value));
            }
            if (most - least > width) (widest, width) = (axis, most - least);
        }
        return widest;
    }

    private double At(int index, int axis) => _points[index * _dimensions + axis];
}
