using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>What batch norm has for each column, and what its forward pass leaves for the backward pass.</summary>
internal readonly unsafe struct BatchNormColumns
{
    /// <summary>γ.</summary>
    public required float* Weight { get; init; }

    /// <summary>Receives γ's gradient in a backward pass.</summary>
    public float* WeightGradient { get; init; }
    public required float* RunningMean { get; init; }
    public required float* RunningVariance { get; init; }

    /// <summary>1/√(variance + ε).</summary>
    public required float* InverseDeviation { get; init; }

    /// <summary>What is normalized, row by row, and then x̂.</summary>
    public required float* Normalized { get; init; }

    /// <summary>Whether mean and variance are the batch's.</summary>
    public bool OfBatch { get; init; }

    /// <summary>Whether the running figures follow them.</summary>
    public bool Follows { get; init; }

    /// <summary>
    /// Mean and variance of some columns of the batch by the corrected two-pass algorithm (Chan, Golub and LeVeque 1983, equation 1.7): what
    /// the first pass rounded shows in the sum of the second.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (T Mean, T Variance) Moments<T>(long row, long endRow, long column, long columns) where T : unmanaged, ILanes<T>
    {
        var count = T.Broadcast(endRow - row);
        T sum = T.Broadcast(0), rest = sum, squares = sum;
        for (long r = row; r < endRow; r++) sum += T.Load(Normalized + r * columns + column);
        var mean = sum / count;
        for (long r = row; r < endRow; r++)
        {
            var deviation = T.Load(Normalized + r * columns + column) - mean;
            rest += deviation;
            squares = T.MultiplyAdd(deviation, deviation, squares);
        }
        var shift = rest / count;
        return (mean + shift, (squares - shift * rest) / count);
    }

    /// <summary>Moves the running figures of some columns. The running variance is the unbiased one, as in PyTorch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Follow<T>(T mean, T variance, long count, long column) where T : unmanaged, ILanes<T>
    {
        const float Rate = BatchNorm.Momentum;
        var rest = T.Broadcast(1 - Rate);
        T.MultiplyAdd(T.Broadcast(Rate), mean, rest * T.Load(RunningMean + column)).Store(RunningMean + column);
        var unbiased = variance * T.Broadcast(count / (count - 1f));
        T.MultiplyAdd(T.Broadcast(Rate), unbiased, rest * T.Load(RunningVariance + column)).Store(RunningVariance + column);
    }
}

/// <summary>y ← f(γ·x̂ + β), where x̂ takes the place of what is normalized. A tile has all rows.</summary>
internal readonly unsafe struct BatchNormForward<TFunction>(BatchNormColumns norm, float* bias, float* y, long columns) : ITilePass
    where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (long c = column; c < endColumn; c += T.Count)
        {
            var (mean, variance) = norm.OfBatch
                ? norm.Moments<T>(row, endRow, c, columns)
                : (T.Load(norm.RunningMean + c), T.Load(norm.RunningVariance + c));
            if (norm.Follows) norm.Follow(mean, variance, endRow - row, c);
            var inverse = T.Broadcast(1) / T.Sqrt(variance + T.Broadcast(BatchNorm.Epsilon));
            inverse.Store(norm.InverseDeviation + c);
            var (scale, shift) = (T.Load(norm.Weight + c), T.Load(bias + c));
            for (long r = row; r < endRow; r++)
            {
                float* x = norm.Normalized + r * columns + c;
                var normal = (T.Load(x) - mean) * inverse;
                normal.Store(x);
                TFunction.Value(T.MultiplyAdd(scale, normal, shift)).Store(y + r * columns + c);
            }
        }
    }
}

/// <summary>
/// gradient ← the gradient of what was normalized, from that of y = f(γ·x̂ + β), and the gradients of γ and β (Ioffe and Szegedy 2015,
/// section 3). A tile has all rows.
/// </summary>
internal readonly unsafe struct BatchNormBackward<TFunction>(BatchNormColumns norm, float* gradient, float* y, float* biasGradient, long columns) : ITilePass
    where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (long c = column; c < endColumn; c += T.Count)
        {
            T sum = T.Broadcast(0), product = sum;
            for (long r = row; r < endRow; r++)
            {
                long at = r * columns + c;
                var g = TFunction.TimesSlope(T.Load(gradient + at), T.Load(y + at));
                g.Store(gradient + at);
                sum += g;
                product = T.MultiplyAdd(g, T.Load(norm.Normalized + at), product);
            }
            sum.Store(biasGradient + c);
            product.Store(norm.WeightGradient + c);
            // Mean and deviation of the batch follow every row; running figures follow none.
            var count = T.Broadcast(norm.OfBatch ? endRow - row : float.PositiveInfinity);
            var (ofMean, ofDeviation) = (sum / count, product / count);
            var scale = T.Load(norm.Weight + c) * T.Load(norm.InverseDeviation + c);
            for (long r = row; r < endRow; r++)
            {
                long at = r * columns + c;
                var rest = T.Load(gradient + at) - ofMean;
                (scale * (rest - ofDeviation * T.Load(norm.Normalized + at))).Store(gradient + at);
            }
        }
    }
}
