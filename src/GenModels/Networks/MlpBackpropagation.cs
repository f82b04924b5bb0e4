using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>Passes through a multilayer perceptron in the CPU's memory: matrix products, and one pass over memory for all between two of them.</summary>
internal sealed class MlpBackpropagation : Backpropagation
{
    private readonly Layer[] _layers;
    private readonly Tensor[] _inputs;
    private Tensor? _output;
    private bool _inputGradient;

    public MlpBackpropagation(Mlp mlp) : base(mlp)
    {
        using var noGrad = no_grad();
        _layers = [.. mlp.Layers.Select((dense, i) => new Layer(dense, mlp.ActivationOf(i)))];
        _inputs = new Tensor[_layers.Length];
    }

    public static bool Fits(Mlp mlp) => mlp.IsPlain && mlp.Layers
        .Select((dense, i) => ActivationPasses.Exist(mlp.ActivationOf(i)) && TensorMemory.Fits(dense.Weight, dense.Bias)).All(fits => fits);

    public override Tensor Forward(Tensor input, bool inputGradient = false)
    {
        using var noGrad = no_grad();
        _inputGradient = inputGradient;
        var h = input.ndim == 2 ? input : input.flatten(1);
        for (int i = 0; i < _layers.Length; i++)
        {
            _inputs[i] = h;
            h = h.mm(_layers[i].WeightTransposed);
            ActivationPasses.Forward(_layers[i].Activation, h, _layers[i].Bias);
        }
        return _output = h;
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var g = Backward(outputGradient, parameters: true);
        return ([.. _layers.SelectMany(layer => new[] { layer.WeightGradient, layer.BiasGradient })], _inputGradient ? g : null);
    }

    public override Tensor? InputGradient(Tensor outputGradient) => _inputGradient
        ? Backward(outputGradient, parameters: false)
        : throw new InvalidOperationException("The forward pass was not told that its input's gradient is needed.");

    /// <summary>Leaves the parameters' gradients in the layers where they are wanted, and returns that of the input, or of the first layer's sums.</summary>
    private Tensor Backward(Tensor outputGradient, bool parameters)
    {
        var y = _output ?? throw new InvalidOperationException("Backward was called without Forward.");
        _output = null;
        using var noGrad = no_grad();
        var g = outputGradient.contiguous();
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            var layer = _layers[i];
            // Sums the bias's gradient in passing, which costs nothing beside the matrix products.
            ActivationPasses.Backward(layer.Activation, g, y, layer.BiasGradient);
            if (parameters) layer.WeightGradient.addmm_(g.t(), _inputs[i], beta: 0, alpha: 1);
            y = _inputs[i];
            if (i > 0 || _inputGradient) g = g.mm(layer.Weight);
        }
        return g;
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
    }

    /// <summary>A layer's parameters, the view of its weight that the forward pass multiplies by, and where its gradients go.</summary>
    private sealed class Layer(Dense dense, Activation activation) : IDisposable
    {
        public Activation Activation { get; } = activation;
        public Tensor Weight { get; } = dense.Weight;
        public Tensor Bias { get; } = dense.Bias;
        public Tensor WeightTransposed { get; } = dense.Weight.t().DetachFromDisposeScope();
        public Tensor WeightGradient { get; } = zeros_like(dense.Weight).DetachFromDisposeScope();
        public Tensor BiasGradient { get; } = zeros_like(dense.Bias).DetachFromDisposeScope();

        public void Dispose()
        {
            WeightTransposed.Dispose();
            WeightGradient.Dispose();
            BiasGradient.Dispose();
        }
    }
}
