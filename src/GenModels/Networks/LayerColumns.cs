using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>What a layer has for each of its columns.</summary>
/// <param name="bias">b; with batch norm β.</param>
/// <param name="biasGradient">Receives its gradient in a backward pass.</param>
/// <param name="norm">Batch norm, if there is one.</param>
internal readonly unsafe struct LayerColumns(float* bias, float* biasGradient, BatchNormColumns? norm)
{
    public float* Bias => bias;

    public float* BiasGradient => biasGradient;

    public BatchNormColumns? Norm => norm;
}

/// <summary>y ← f(y + b).</summary>
internal readonly unsafe struct ActivationForward<TFunction>(float* y, float* bias, long columns) : ITilePass where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (; row < endRow; row++)
            for (long c = column; c < endColumn; c += T.Count)
                TFunction.Value(T.Load(y + row * columns + c) + T.Load(bias + c)).Store(y + row * columns + c);
    }
}

/// <summary>gradient ← gradient · f′, and the gradient of b as the sum over its rows. A tile has all rows.</summary>
internal readonly unsafe struct ActivationBackward<TFunction>(float* gradient, float* y, float* biasGradient, long columns) : ITilePass
    where TFunction : struct, IActivationFunction
{
    // The pixels of a batch are many: sums of sums lose less than one long sum.
    private const long Block = 1_024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (long c = column; c < endColumn; c += T.Count)
        {
            var total = T.Broadcast(0);
            for (long block = row; block < endRow; block += Block) total += Sum<T>(block, Math.Min(endRow, block + Block), c);
            total.Store(biasGradient + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Sum<T>(long row, long endRow, long column) where T : unmanaged, ILanes<T>
    {
        var sum = T.Broadcast(0);
        for (long r = row; r < endRow; r++)
        {
            var g = TFunction.TimesSlope(T.Load(gradient + r * columns + column), T.Load(y + r * columns + column));
            g.Store(gradient + r * columns + column);
            sum += g;
        }
        return sum;
    }
}
