using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>The passes of one convolution: its parameters where they lie, and what the passes leave behind. Images have their channels last.</summary>
internal sealed unsafe class ConvolutionLayerPass : IDisposable
{
    private readonly ConvolutionStep _step;
    private readonly PatchShape _shape;
    private readonly long _columns;
    private readonly ParameterGradient _weightGradient, _biasGradient;
    private readonly BatchNormPass? _norm;
    // The weight and its gradient as kernels want them: [columns, kernel height, kernel width, channels].
    private readonly RowBuffer _weight, _orderedGradient;
    private readonly RowBuffer _inputGradient;
    private float* _x;

    public ConvolutionLayerPass(ConvolutionStep step)
    {
        (_step, _shape, _columns) = (step, step.Shape, step.Columns);
        (_weightGradient, _biasGradient) = (new ParameterGradient(step.Weight), new ParameterGradient(step.Bias));
        _norm = step.Norm is null ? null : new BatchNormPass(step.Norm, step.OutputChannels);
        (_weight, _orderedGradient) = (new RowBuffer(_shape.PatchSize), new RowBuffer(_shape.PatchSize));
        (Output, _inputGradient) = (new RowBuffer(step.Outputs), new RowBuffer(step.InputPixels * step.InputChannels));
    }

    public ConvolutionStep Step => _step;

    /// <summary>The output of the last pass, an image a row.</summary>
    public RowBuffer Output { get; }

    /// <summary>The gradients of the layer's parameters.</summary>
    public IEnumerable<ParameterGradient> Gradients
    {
        get
        {
            yield return _weightGradient;
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
    /// <param name="x">The input, an image a row.</param>
    /// <param name="n">The number of images.</param>
    /// <param name="recorded">Whether gradients are recorded for the pass, so that running figures follow it.</param>
    public float* Forward(float* x, long n, bool recorded)
    {
        OrderWeight();
        _x = x;
        float* y = Output.Reserve(n);
        _norm?.Begin(n * _step.OutputPixels, recorded);
        ActivationFunctions.Use(_step.Activation, new ForwardUse(this, n, y));
        return y;
    }

    /// <summary>Turns the gradient of the layer's output into that of its sums, and finds those of its bias and batch norm.</summary>
    public void FindGradient(float* gradient, long n) =>
        DensePasses.Slope(_step.Activation, gradient, Output.Pointer, Columns(backward: true), n * _step.OutputPixels, _step.OutputChannels);

    /// <summary>The gradient of the layer's weight, from that of its sums; what is frozen needs none.</summary>
    public void FindWeightGradient(float* gradient, long n)
    {
        if (!_step.Weight.requires_grad) return;
        float* ordered = _orderedGradient.Reserve(_columns);
        if (_step.Transposed) PatchProducts.WeightGradient(_shape, _x, _columns, gradient, n, ordered);
        else PatchProducts.WeightGradient(_shape, gradient, _columns, _x, n, ordered);
        var (pixels, channels) = (_shape.KernelHeight * _shape.KernelWidth, _shape.Channels);
        ChannelOrder.Swap(
            ChannelOrder.Images.Of(ordered, pixels, channels), ChannelOrder.Images.Of(_weightGradient.Pointer, channels, pixels), (_columns, pixels, channels));
    }

    /// <summary>The gradient of the layer's input, from that of its sums.</summary>
    public float* FindInputGradient(float* gradient, long n)
    {
        float* target = _inputGradient.Reserve(n);
        if (_step.Transposed) PatchProducts.OfPatches(_shape, gradient, n, Weight.Transposed, _columns, target, default(MatrixProduct.Nothing));
        else PatchProducts.ToImages(_shape, gradient, _columns, n, Weight, target, default(MatrixProduct.Nothing));
        return target;
    }

    public void Dispose()
    {
        foreach (var gradient in Gradients) gradient.Dispose();
        _norm?.Dispose();
        foreach (var buffer in Buffers) buffer.Dispose();
    }

    private RowBuffer[] Buffers => [_weight, _orderedGradient, Output, _inputGradient];

    /// <summary>The weight, shape [columns, patch size].</summary>
    private Matrix Weight => new(_weight.Pointer, _shape.PatchSize, 1);

    // Before each pass, since the weight has moved and a parameter may have been given other memory.
    private void OrderWeight()
    {
        if (!_step.HasItsShape())
            throw new InvalidOperationException(
                $"A convolution's weight has the shape {Guard.Shape(_step.Weight.shape)} and its bias {Guard.Shape(_step.Bias.shape)}, " +
                $"expected [{_columns}, {_shape.Channels}, {_shape.KernelHeight}, {_shape.KernelWidth}] and {_step.OutputChannels} values, as there were when the model was made.");
        var (pixels, channels) = (_shape.KernelHeight * _shape.KernelWidth, _shape.Channels);
        ChannelOrder.Swap(
            ChannelOrder.Images.Of(TensorMemory.Pointer(_step.Weight), channels, pixels), ChannelOrder.Images.Of(_weight.Reserve(_columns), pixels, channels),
            (_columns, channels, pixels));
    }

    private LayerColumns Columns(bool backward) =>
        new(TensorMemory.Pointer(_step.Bias), backward ? _biasGradient.Pointer : null, _norm?.Columns(backward));

    private void Products<TAfter>(long n, float* sums, TAfter after) where TAfter : struct, ITilePass
    {
        if (_step.Transposed) PatchProducts.ToImages(_shape, _x, _columns, n, Weight, sums, after);
        else PatchProducts.OfPatches(_shape, _x, n, Weight.Transposed, _columns, sums, after);
    }

    private readonly struct ForwardUse(ConvolutionLayerPass layer, long n, float* y) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction
        {
            var (step, columns) = (layer._step, layer.Columns(backward: false));
            if (columns.Norm is not { } norm)
            {
                layer.Products(n, y, new ActivationForward<TFunction>(y, columns.Bias, step.OutputChannels));
                return;
            }
            layer.Products(n, norm.Normalized, default(MatrixProduct.Nothing));
            Tiles.Run(new BatchNormForward<TFunction>(norm, columns.Bias, y, step.OutputChannels), n * step.OutputPixels, step.OutputChannels);
        }
    }
}
