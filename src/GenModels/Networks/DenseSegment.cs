using GenModels.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A run of fully connected layers in the CPU's memory, without a graph and without libtorch's operators.</summary>
internal sealed unsafe class DenseSegment : Segment
{
    private readonly DenseLayerPass[] _layers;
    private readonly ParameterGradient[] _gradients;
    private readonly RowBuffer _inputGradient;
    private Tensor? _input;
    private bool _wantsInputGradient;

    private DenseSegment(IReadOnlyList<DenseStep> steps)
    {
        _layers = [.. steps.Select(step => new DenseLayerPass(step))];
        foreach (var layer in _layers) layer.ShareWith(_layers);
        _inputGradient = new RowBuffer(steps[0].Inputs);
        _gradients = [.. _layers.SelectMany(layer => layer.Gradients)];
        Parameters = [.. _gradients.Select(gradient => gradient.Parameter)];
    }

    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <summary>From input to output.</summary>
    public IReadOnlyList<DenseLayerPass> Layers => _layers;

    /// <summary>A segment for training: with everything that backward passes need, so that no later step has more tensors than the first.</summary>
    public static DenseSegment ForTraining(IReadOnlyList<DenseStep> steps)
    {
        var segment = new DenseSegment(steps);
        foreach (var layer in segment._layers) layer.MakeRoom();
        segment._inputGradient.Reserve(0);
        return segment;
    }

    /// <summary>
    /// The layers' output where no gradients are recorded, by the same forward pass; null where they are, or where the layers or the input are
    /// not for kernels, or do not fit each other.
    /// </summary>
    /// <param name="steps">The layers.</param>
    /// <param name="input">Shape [n, inputs].</param>
    public static Tensor? TryInfer(IReadOnlyList<DenseStep> steps, Tensor input)
    {
        if (is_grad_enabled() || steps.Count == 0 || !TensorMemory.Fits(input)) return null;
        if (input.shape is not [_, var inputs] || inputs != steps[0].Inputs || !DenseStep.Fit(steps)) return null;
        using var segment = new DenseSegment(steps);
        return segment.Forward(input, inputGradient: false);
    }

    public override Tensor Forward(Tensor input, bool inputGradient)
    {
        bool recorded = is_grad_enabled();
        using var noGrad = no_grad();
        _wantsInputGradient = inputGradient;
        _input = Checked(input.ndim == 2 ? input : input.flatten(1)).contiguous();
        long n = _input.shape[0];
        float* x = TensorMemory.Pointer(_input);
        foreach (var layer in _layers) x = layer.Forward(x, n, recorded);
        return _layers[^1].Output.Rows(n);
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var input = Backward(outputGradient, parameters: true);
        return ([.. _gradients.Select(gradient => gradient.Parameter.requires_grad ? gradient.Values : null)], input);
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
        long n = input.shape[0];
        using var contiguous = Checked(outputGradient, n).contiguous();
        _layers[^1].FindGradient(TensorMemory.Pointer(contiguous), n);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            if (parameters) _layers[i].FindWeightGradient(n);
            if (i > 0) _layers[i - 1].FindGradient(_layers[i], n);
            else if (_wantsInputGradient) _layers[i].FindInputGradient(_inputGradient.Reserve(n), n);
        }
        GC.KeepAlive(input);
        return _wantsInputGradient ? _inputGradient.Rows(n) : null;
    }

    // The kernels would read whatever lies there.
    private Tensor Checked(Tensor input)
    {
        long inputs = _inputGradient.Columns;
        if (input.dtype == ScalarType.Float32 && input.device_type == DeviceType.CPU && input.shape[1] == inputs) return input;
        throw new ArgumentException(
            $"The network was given {input.dtype} {Guard.Shape(input.shape)} on {input.device_type}, expected Float32 with {inputs} values an example in the CPU's memory.",
            nameof(input));
    }

    private Tensor Checked(Tensor outputGradient, long rows)
    {
        long outputs = _layers[^1].Output.Columns;
        if (outputGradient.dtype == ScalarType.Float32 && outputGradient.device_type == DeviceType.CPU && outputGradient.numel() == rows * outputs)
            return outputGradient;
        throw new ArgumentException(
            $"The output's gradient is {outputGradient.dtype} {Guard.Shape(outputGradient.shape)} on {outputGradient.device_type}, expected Float32 [{rows}, {outputs}] in the CPU's memory.",
            nameof(outputGradient));
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        _inputGradient.Dispose();
    }
}
