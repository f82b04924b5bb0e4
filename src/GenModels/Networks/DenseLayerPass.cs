using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>The passes of one layer: its parameters where they lie, and what the passes leave behind.</summary>
internal sealed unsafe class DenseLayerPass : IDisposable
{
    private readonly DenseStep _step;
    private readonly int _pieces;
    private readonly long _inputs, _sums, _outputs;
    private readonly ParameterGradient _biasGradient;
    private readonly BatchNormPass? _norm;
    private readonly RowBuffer _dropoutMask, _dropped;
    // The sums' gradient; with maxout, first the sums that the greatest are taken of.
    private readonly RowBuffer _sumsBuffer;
    private readonly RowBuffer _chosen, _outputGradient;
    private ParameterGradient _weightGradient;
    private float* _bias, _x, _gradient;
    private bool _drops, _isShared, _ownsWeightGradient = true;

    public DenseLayerPass(DenseStep step)
    {
        _step = step;
        (_pieces, _inputs, _sums, _outputs) = (step.MaxoutPieces, step.Inputs, step.Sums, step.Outputs);
        (_weightGradient, _biasGradient) = (new ParameterGradient(step.Weight), new ParameterGradient(step.Bias));
        _norm = step.Norm is null ? null : new BatchNormPass(step.Norm, _sums);
        (_dropoutMask, _dropped) = (new RowBuffer(_inputs), new RowBuffer(_inputs));
        _sumsBuffer = new RowBuffer(_sums);
        (Output, _chosen, _outputGradient) = (new RowBuffer(_outputs), new RowBuffer(_outputs), new RowBuffer(_outputs));
    }

    public DenseStep Step => _step;

    public RowBuffer Output { get; }

    public ParameterGradient WeightGradient => _weightGradient;

    public ParameterGradient BiasGradient => _biasGradient;

    /// <summary>The weight, shape [inputs, sums].</summary>
    public Matrix Weight { get; private set; }

    /// <summary>What the sums are made of in the pass: the input, with values dropped.</summary>
    public Matrix Input => new(_x, _inputs, 1);

    /// <summary>The gradient of the pass's sums.</summary>
    public Matrix SumsGradient => new(_gradient, _sums, 1);

    /// <summary>Which piece each unit took in the pass.</summary>
    public int* Chosen => (int*)_chosen.Pointer;

    /// <summary>The gradients of the layer's parameters, but for a weight whose gradient another layer has.</summary>
    public IEnumerable<ParameterGradient> Gradients
    {
        get
        {
            if (_ownsWeightGradient) yield return _weightGradient;
            yield return _biasGradient;
            if (_norm is not null) yield return _norm.WeightGradient;
        }
    }

    /// <summary>Makes everything that backward passes need, so that no later step has more tensors than the first.</summary>
    public void MakeRoom()
    {
        foreach (var gradient in Gradients) _ = gradient.Values;
        foreach (var buffer in Buffers) buffer.Reserve(0);
        _norm?.MakeRoom();
    }

    /// <summary>The layer's output, from an input that stays where it is until the backward pass.</summary>
    /// <param name="x">The input, row by row.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="recorded">Whether gradients are recorded for the pass, so that running figures follow it.</param>
    public float* Forward(float* x, long n, bool recorded)
    {
        FindParameters();
        _x = Dropped(x, n);
        float* y = Output.Reserve(n), sums = _pieces == 1 ? y : _sumsBuffer.Reserve(n);
        _norm?.Begin(n, recorded);
        DensePasses.Forward(_step.Activation, Input, Weight, Columns(backward: false), sums, (n, _inputs, _sums));
        if (_pieces > 1) Maxout.Forward(sums, _pieces, y, (int*)_chosen.Reserve(n), n * _outputs);
        return y;
    }

    /// <summary>Finds the gradients of the layer's sums, bias and batch norm, from that of its output, which it may overwrite.</summary>
    public void FindGradient(float* outputGradient, long n)
    {
        float* y = Output.Pointer;
        _gradient = outputGradient;
        if (_pieces > 1)
        {
            // Taking the greatest stands in the activation's place: the sums' gradient is spread, and what is left to find does not ask for y.
            y = _gradient = _sumsBuffer.Reserve(n);
            Maxout.Backward(outputGradient, (int*)_chosen.Pointer, _pieces, _gradient, n * _outputs);
        }
        DensePasses.Slope(_step.Activation, _gradient, y, Columns(backward: true), n, _sums);
    }

    /// <summary>The same from the gradient of the sums of the layer above.</summary>
    public void FindGradient(DenseLayerPass above, long n)
    {
        if (_pieces > 1 || above._drops)
        {
            float* outputGradient = _outputGradient.Reserve(n);
            above.FindInputGradient(outputGradient, n);
            FindGradient(outputGradient, n);
            return;
        }
        _gradient = _sumsBuffer.Reserve(n);
        DensePasses.Backward(
            _step.Activation, above.SumsGradient, above.Weight.Transposed, Columns(backward: true), Output.Pointer, _gradient,
            (n, above._sums, _outputs));
    }

    /// <summary>The gradient of the layer's input, from that of its sums.</summary>
    public void FindInputGradient(float* inputGradient, long n)
    {
        MatrixProduct.Run(SumsGradient, Weight.Transposed, inputGradient, (n, _sums, _inputs), add: false);
        Drop(inputGradient, n);
    }

    /// <summary>Drops from values of the input's shape, in place, what the pass dropped.</summary>
    public void Drop(float* values, long n)
    {
        if (_drops) DropoutMask.Apply(values, _dropoutMask.Pointer, values, n * _inputs);
    }

    /// <summary>The gradient of the layer's weight, from that of its sums; what is frozen needs none.</summary>
    /// <remarks>The backward pass meets a layer that shares its weight first, so the layer whose weight it is adds.</remarks>
    public void FindWeightGradient(long n)
    {
        if (!_step.Weight.requires_grad) return;
        float* target = _weightGradient.Pointer;
        if (_step.Shared) MatrixProduct.Run(Input.Transposed, SumsGradient, target, (_inputs, n, _sums), add: false);
        else MatrixProduct.Run(SumsGradient.Transposed, Input, target, (_sums, n, _inputs), add: _isShared);
    }

    /// <summary>Lets this layer's use of a weight add to the same gradient as that of the layer whose weight it is, where that is among the layers.</summary>
    public void ShareWith(IEnumerable<DenseLayerPass> layers)
    {
        if (!_step.Shared || layers.FirstOrDefault(layer => !layer._step.Shared && ReferenceEquals(layer._step.Weight, _step.Weight)) is not { } owner) return;
        (_weightGradient, _ownsWeightGradient) = (owner._weightGradient, false);
        owner._isShared = true;
    }

    public void Dispose()
    {
        foreach (var gradient in Gradients) gradient.Dispose();
        _norm?.Dispose();
        foreach (var buffer in Buffers) buffer.Dispose();
    }

    private RowBuffer[] Buffers => [_dropoutMask, _dropped, _sumsBuffer, Output, _chosen, _outputGradient];

    // Asked for before each pass, since a parameter may have been given other memory.
    private void FindParameters()
    {
        if (_step.Weight.numel() != _inputs * _sums || _step.Bias.numel() != _sums)
            throw new InvalidOperationException(
                $"A layer's weight has the shape {Guard.Shape(_step.Weight.shape)} and its bias {Guard.Shape(_step.Bias.shape)}, " +
                $"expected {_inputs * _sums} and {_sums} values, as there were when the model was made.");
        Weight = _step.Matrix;
        _bias = TensorMemory.Pointer(_step.Bias);
    }

    private LayerColumns Columns(bool backward) => new(_bias, backward ? _biasGradient.Pointer : null, _norm?.Columns(backward));

    private float* Dropped(float* x, long n)
    {
        _drops = false;
        if (_step.InputDropout is not { Drops: true } dropout) return x;
        _drops = true;
        float* mask = _dropoutMask.Reserve(n), dropped = _dropped.Reserve(n);
        dropout.DrawMask(mask, n * _inputs);
        DropoutMask.Apply(x, mask, dropped, n * _inputs);
        return dropped;
    }
}
