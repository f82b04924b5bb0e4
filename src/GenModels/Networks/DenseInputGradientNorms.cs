using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// Norms of the input's gradient through fully connected layers, through kernels alone, so that the bits are the same anywhere. What a function
/// of the norms asks of the weights is the gradient's derivative along a direction of the input (Pearlmutter 1994): one more pass forward,
/// and, where activations are curved, one more backward. What dropout drops stays dropped from the first pass to the last.
/// </summary>
internal sealed unsafe class DenseInputGradientNorms : InputGradientNorms
{
    private readonly IReadOnlyList<Tensor> _parameters;
    private readonly DenseSegment _segment;
    private readonly DenseDirectionPass[] _layers;
    private readonly RowBuffer _direction;
    private readonly long _columns;
    private Tensor? _points, _outputGradient, _inputGradient;

    /// <param name="network">The network.</param>
    /// <param name="steps">Its layers, without batch norm.</param>
    /// <param name="columns">How many of the input's first columns the gradient is taken by; null takes all.</param>
    public DenseInputGradientNorms(nn.Module<Tensor, Tensor> network, IReadOnlyList<DenseStep> steps, long? columns)
    {
        long inputs = steps[0].Inputs;
        (_parameters, _segment, _direction) = ([.. network.parameters()], DenseSegment.ForTraining(steps), new RowBuffer(inputs));
        _layers = [.. _segment.Layers.Select(layer => new DenseDirectionPass(layer))];
        _direction.Reserve(0);
        _columns = columns ?? inputs;
        if (_columns < 1 || _columns > inputs)
            throw new ArgumentOutOfRangeException(nameof(columns), columns, $"The gradient is asked for by {columns} columns, expected 1 to the network's {inputs} inputs.");
    }

    public override float[] Forward(Tensor points, bool differentiable)
    {
        using var noGrad = no_grad();
        _points = points.flatten(1).contiguous();
        long n = _points.shape[0];
        var norms = new float[n];
        var output = _segment.Forward(_points, inputGradient: true);
        // The layers keep it, as the gradient of the last one's sums.
        _outputGradient = ones_like(output);
        _inputGradient = _segment.InputGradient(_outputGradient) ?? throw new InvalidOperationException("The input's gradient was asked for.");
        RowNorms.Squared(TensorMemory.Pointer(_inputGradient), _columns, _direction.Columns, norms);
        return norms;
    }

    public override IReadOnlyList<Tensor?> Backward(float[] slopes)
    {
        if (_points is not { } points || _inputGradient is not { } gradient || _outputGradient is not { } outputGradient)
            throw new InvalidOperationException("Backward was called without Forward.");
        (_points, _inputGradient, _outputGradient) = (null, null, null);
        using var noGrad = no_grad();
        long n = points.shape[0];
        Guard.SameLength(slopes.Length, (int)n, nameof(slopes), nameof(points));
        // The derivative of a squared norm is twice the vector.
        float[] factors = [.. slopes.Select(slope => 2 * slope)];
        float* direction = _direction.Reserve(n);
        RowNorms.Scale(TensorMemory.Pointer(gradient), _columns, _direction.Columns, factors, direction);
        foreach (var layer in _layers) direction = layer.Along(direction, n);
        for (int i = _layers.Length - 1; i >= 0; i--) _layers[i].Bend(i + 1 < _layers.Length ? _layers[i + 1] : null, n);
        GC.KeepAlive(points);
        GC.KeepAlive(outputGradient);
        return [.. _parameters.Select(GradientOf)];
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _segment.Dispose();
        _direction.Dispose();
    }

    private Tensor? GradientOf(Tensor parameter) => parameter.requires_grad
        ? _layers.SelectMany(layer => layer.Gradients).FirstOrDefault(gradient => ReferenceEquals(gradient.Parameter, parameter))?.Values
        : null;
}
