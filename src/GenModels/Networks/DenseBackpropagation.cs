using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// Passes through fully connected layers in the CPU's memory, without a graph and without a call of libtorch. What a pass returns is
/// overwritten by the next.
/// </summary>
internal sealed unsafe class DenseBackpropagation : Backpropagation
{
    private readonly Layer[] _layers;
    private readonly Tensor[] _gradients;
    private readonly RowBuffer _inputGradient;
    private Tensor? _input;
    private bool _wantsInputGradient;

    /// <param name="network">The network.</param>
    /// <param name="steps">Its layers; a shared weight comes first where it is not used backwards.</param>
    public DenseBackpropagation(nn.Module<Tensor, Tensor> network, IReadOnlyList<DenseStep> steps) : base(network)
    {
        using var noGrad = no_grad();
        _layers = [.. steps.Select(step => new Layer(step))];
        foreach (var layer in _layers.Where(layer => layer.Shares)) layer.ShareWith(_layers.First(other => other.Weight.Values == layer.Weight.Values));
        _inputGradient = new RowBuffer(steps[0].Inputs);
        // In the order of the network's parameters: a shared weight stands with the layer that has it first.
        _gradients = [.. _layers.SelectMany(layer => layer.Shares ? [layer.BiasGradient] : new[] { layer.WeightGradient, layer.BiasGradient })];
    }

    public override Tensor Forward(Tensor input, bool inputGradient = false)
    {
        using var noGrad = no_grad();
        _wantsInputGradient = inputGradient;
        _input = (input.ndim == 2 ? input : input.flatten(1)).contiguous();
        long n = _input.shape[0];
        var x = new Matrix(TensorMemory.Pointer(_input), _layers[0].Inputs, 1);
        foreach (var layer in _layers)
        {
            float* y = layer.Output.Reserve(n);
            DensePasses.Forward(layer.Activation, x, layer.Weight, layer.Bias, y, (n, layer.Inputs, layer.Outputs));
            x = new Matrix(y, layer.Outputs, 1);
        }
        return _layers[^1].Output.Rows(n);
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var input = Backward(outputGradient, parameters: true);
        return (_gradients, input);
    }

    public override Tensor? InputGradient(Tensor outputGradient) => _wantsInputGradient
        ? Backward(outputGradient, parameters: false)
        : throw new InvalidOperationException("The forward pass was not told that its input's gradient is needed.");

    /// <summary>Leaves the parameters' gradients in the layers where they are wanted, and returns that of the input where it was asked for.</summary>
    private Tensor? Backward(Tensor outputGradient, bool parameters)
    {
        var input = _input ?? throw new InvalidOperationException("Backward was called without Forward.");
        _input = null;
        using var noGrad = no_grad();
        using var contiguous = outputGradient.contiguous();
        long n = input.shape[0];
        float* g = TensorMemory.Pointer(contiguous);
        var top = _layers[^1];
        DensePasses.Slope(top.Activation, g, top.Output.Pointer, top.BiasGradientPointer, n, top.Outputs);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            var gradient = new Matrix(g, layer.Outputs, 1);
            float* x = i > 0 ? _layers[i - 1].Output.Pointer : TensorMemory.Pointer(input);
            if (parameters) layer.FindWeightGradient(gradient, new Matrix(x, layer.Inputs, 1), n);
            if (i > 0) g = _layers[i - 1].FindGradient(gradient, layer, n);
            else if (_wantsInputGradient) MatrixProduct.Run(gradient, layer.Weight.Transposed, _inputGradient.Reserve(n), (n, layer.Outputs, layer.Inputs), add: false);
        }
        return _wantsInputGradient ? _inputGradient.Rows(n) : null;
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _inputGradient.Dispose();
    }

    /// <summary>A layer's parameters where they lie, and what the passes leave behind.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly RowBuffer _gradient;
        private bool _isShared;

        public Layer(DenseStep step)
        {
            (Activation, Inputs, Outputs, Shares) = (step.Activation, step.Inputs, step.Outputs, step.Shared);
            Weight = step.Matrix;
            Bias = TensorMemory.Pointer(step.Bias);
            WeightGradient = zeros_like(step.Weight).DetachFromDisposeScope();
            BiasGradient = zeros_like(step.Bias).DetachFromDisposeScope();
            BiasGradientPointer = TensorMemory.Pointer(BiasGradient);
            (Output, _gradient) = (new RowBuffer(Outputs), new RowBuffer(Outputs));
        }

        public Activation Activation { get; }
        public long Inputs { get; }
        public long Outputs { get; }
        public Matrix Weight { get; }
        public float* Bias { get; }
        public bool Shares { get; }
        public Tensor WeightGradient { get; private set; }
        public Tensor BiasGradient { get; }
        public float* BiasGradientPointer { get; }
        public RowBuffer Output { get; }

        /// <summary>The gradient of this layer's sums and of its bias, from that of the layer above.</summary>
        public float* FindGradient(Matrix above, Layer layerAbove, long n)
        {
            float* gradient = _gradient.Reserve(n);
            DensePasses.Backward(
                Activation, above, layerAbove.Weight.Transposed, Output.Pointer, BiasGradientPointer, gradient, (n, layerAbove.Outputs, Outputs));
            return gradient;
        }

        // The backward pass meets a layer that shares its weight first, so the layer whose weight it is adds.
        public void FindWeightGradient(Matrix gradient, Matrix x, long n)
        {
            float* target = TensorMemory.Pointer(WeightGradient);
            if (Shares) MatrixProduct.Run(x.Transposed, gradient, target, (Inputs, n, Outputs), add: false);
            else MatrixProduct.Run(gradient.Transposed, x, target, (Outputs, n, Inputs), add: _isShared);
        }

        /// <summary>Lets this layer's use of a weight add to the same gradient as that of the layer whose weight it is.</summary>
        public void ShareWith(Layer owner)
        {
            WeightGradient.Dispose();
            WeightGradient = owner.WeightGradient;
            owner._isShared = true;
        }

        public void Dispose()
        {
            if (!Shares) WeightGradient.Dispose();
            BiasGradient.Dispose();
            Output.Dispose();
            _gradient.Dispose();
        }
    }
}
