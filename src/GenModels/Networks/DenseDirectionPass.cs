using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>
/// What a layer adds to the derivative of the input's gradient along a direction: with the sums s, the activation's y = f(s), the sums'
/// gradient δ = f′(s)·u and a direction ẋ of the input, it is ṡ = W·ẋ for the layer, f′(s)·ṡ for the layer above, δᵀẋ for W, and, where f is
/// curved, f″(s)·u·ṡ for s itself, which goes back through the layers as any gradient does.
/// </summary>
internal sealed unsafe class DenseDirectionPass : IDisposable
{
    private readonly DenseLayerPass _layer;
    private readonly DenseStep _step;
    private readonly long _inputs, _sums, _outputs;
    private readonly RowBuffer _along, _chosen, _bend, _back;
    private bool _bends;

    /// <param name="layer">The layer, whose forward pass and input gradient come before.</param>
    public DenseDirectionPass(DenseLayerPass layer)
    {
        (_layer, _step) = (layer, layer.Step);
        (_inputs, _sums, _outputs) = (_step.Inputs, _step.Sums, _step.Outputs);
        (_along, _chosen, _bend, _back) = (new(_sums), new(_outputs), new(_sums), new(_outputs));
        foreach (var buffer in Buffers) buffer.Reserve(0);
    }

    /// <summary>The gradients of the layer's parameters. The bias moves no slope unless something above is curved.</summary>
    public IEnumerable<ParameterGradient> Gradients => _bends ? [_layer.WeightGradient, _layer.BiasGradient] : [_layer.WeightGradient];

    /// <summary>The direction of the layer's output, from that of its input, which it may overwrite; and what the weight gets of it.</summary>
    public float* Along(float* direction, long n)
    {
        _layer.Drop(direction, n);
        var along = new Matrix(direction, _inputs, 1);
        float* sums = _along.Reserve(n), bend = _step.Activation.IsCurved() ? _bend.Reserve(n) : null;
        // With maxout the activation is the identity, which does not ask for y.
        float* y = _step.MaxoutPieces > 1 ? sums : _layer.Output.Pointer;
        ActivationFunctions.Use(_step.Activation, new AlongUse(along, _layer.Weight, _layer.SumsGradient.Values, y, sums, bend, (n, _inputs, _sums)));
        if (_step.Weight.requires_grad)
            MatrixProduct.Run(_layer.SumsGradient.Transposed, along, _layer.WeightGradient.Pointer, (_sums, n, _inputs), add: false);
        if (_step.MaxoutPieces == 1) return sums;
        Maxout.Chosen(sums, _layer.Chosen, _step.MaxoutPieces, _chosen.Reserve(n), n * _outputs);
        return _chosen.Pointer;
    }

    /// <summary>Finds what bends the layer's sums, itself or above it, and what weight and bias get of that.</summary>
    public void Bend(DenseDirectionPass? above, long n)
    {
        bool curved = _step.Activation.IsCurved(), bentAbove = above?._bends ?? false;
        _bends = curved || bentAbove;
        if (!_bends) return;
        float* back = null, bend = _bend.Reserve(n);
        if (above is not null && bentAbove) above.BendInput(back = _back.Reserve(n), n);
        if (_step.MaxoutPieces > 1)
        {
            Maxout.Backward(back, _layer.Chosen, _step.MaxoutPieces, bend, n * _outputs);
            curved = true;
            back = null;
        }
        ActivationFunctions.Use(_step.Activation, new BendUse(bend, curved, back, _layer.Output.Pointer, _layer.BiasGradient.Pointer, n, _sums));
        if (_step.Weight.requires_grad)
            MatrixProduct.Run(new Matrix(bend, _sums, 1).Transposed, _layer.Input, _layer.WeightGradient.Pointer, (_sums, n, _inputs), add: true);
    }

    public void Dispose()
    {
        foreach (var buffer in Buffers) buffer.Dispose();
    }

    private RowBuffer[] Buffers => [_along, _chosen, _bend, _back];

    private void BendInput(float* target, long n)
    {
        MatrixProduct.Run(new Matrix(_bend.Pointer, _sums, 1), _layer.Weight.Transposed, target, (n, _sums, _inputs), add: false);
        _layer.Drop(target, n);
    }

    private readonly struct AlongUse(
        Matrix direction, Matrix weight, float* gradient, float* y, float* along, float* bend, (long Rows, long Inner, long Columns) size) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction =>
            MatrixProduct.Run(direction, weight, along, size, add: false, new AlongPass<TFunction>(gradient, y, along, bend, size.Columns));
    }

    private readonly struct BendUse(float* bend, bool adds, float* back, float* y, float* biasGradient, long rows, long columns) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction =>
            Tiles.Run(new BendPass<TFunction>(bend, adds, back, y, biasGradient, columns), rows, columns);
    }
}

/// <summary>bend ← f″·u·ṡ where it is asked for, and along ← f′·ṡ from ṡ in place.</summary>
internal readonly unsafe struct AlongPass<TFunction>(float* gradient, float* y, float* along, float* bend, long columns) : ITilePass
    where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (; row < endRow; row++)
            for (long at = row * columns + column; at < row * columns + endColumn; at += T.Count)
            {
                T s = T.Load(along + at), value = T.Load(y + at);
                // u is δ/f′.
                if (bend is not null) (TFunction.Curvature(value) * T.Load(gradient + at) * s).Store(bend + at);
                TFunction.TimesSlope(s, value).Store(along + at);
            }
    }
}

/// <summary>bend ← f′·back, added to what is there where that is asked for, and its sum over the rows. A tile has all rows.</summary>
internal readonly unsafe struct BendPass<TFunction>(float* bend, bool adds, float* back, float* y, float* biasGradient, long columns) : ITilePass
    where TFunction : struct, IActivationFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        for (long c = column; c < endColumn; c += T.Count)
        {
            var sum = T.Broadcast(0);
            for (long r = row; r < endRow; r++)
            {
                long at = r * columns + c;
                var value = adds ? T.Load(bend + at) : T.Broadcast(0);
                if (back is not null) value += TFunction.TimesSlope(T.Load(back + at), T.Load(y + at));
                value.Store(bend + at);
                sum += value;
            }
            sum.Store(biasGradient + c);
        }
    }
}
