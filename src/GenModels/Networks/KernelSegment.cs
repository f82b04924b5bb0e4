using GenModels.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A run of layers in the CPU's memory, without a graph and without libtorch's operators.</summary>
/// <param name="inputs">The number of values that the layers take for an example.</param>
/// <param name="outputs">The number of values that they give for one.</param>
/// <param name="gradients">The gradients of the layers' parameters.</param>
internal abstract unsafe class KernelSegment(long inputs, long outputs, IEnumerable<ParameterGradient> gradients) : Segment
{
    private readonly ParameterGradient[] _gradients = [.. gradients];
    private Tensor? _input;
    private bool _wantsInputGradient;

    public override IReadOnlyList<Tensor> Parameters => field ??= [.. _gradients.Select(gradient => gradient.Parameter)];

    /// <summary>The gradient of the input, one row for each example.</summary>
    protected RowBuffer InputGradientRows { get; } = new(inputs);

    public override Tensor Forward(Tensor input, bool inputGradient)
    {
        bool recorded = is_grad_enabled();
        using var noGrad = no_grad();
        _wantsInputGradient = inputGradient;
        _input = Checked(input.ndim == 2 ? input : input.flatten(1)).contiguous();
        return Forward(TensorMemory.Pointer(_input), _input.shape[0], recorded);
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var input = Backward(outputGradient, parameters: true);
        return ([.. _gradients.Select(gradient => gradient.Parameter.requires_grad ? gradient.Values : null)], input);
    }

    public override Tensor? InputGradient(Tensor outputGradient) => _wantsInputGradient
        ? Backward(outputGradient, parameters: false)
        : throw new InvalidOperationException("The forward pass was not told that its input's gradient is needed.");

    public override void Dispose() => InputGradientRows.Dispose();

    /// <summary>Whether a forward pass alone may go through kernels: no gradients are recorded, and the input is as the layers take it.</summary>
    /// <param name="input">The input.</param>
    /// <param name="inputs">The number of values that the layers take for an example.</param>
    protected static bool MayInfer(Tensor input, long inputs) =>
        !is_grad_enabled() && TensorMemory.Fits(input) && input.shape is [_, var values] && values == inputs;

    /// <summary>The layers' output.</summary>
    /// <param name="x">The input, an example a row; it stays where it is until the backward pass.</param>
    /// <param name="n">The number of examples.</param>
    /// <param name="recorded">Whether gradients are recorded for the pass, so that running figures follow it.</param>
    protected abstract Tensor Forward(float* x, long n, bool recorded);

    /// <summary>Leaves the parameters' gradients in the layers where they are wanted, and that of the input in <see cref="InputGradientRows"/>.</summary>
    /// <param name="outputGradient">An example a row; it may be overwritten.</param>
    /// <param name="n">The number of examples.</param>
    /// <param name="parameters">Whether the parameters' gradients are wanted.</param>
    /// <param name="input">Whether the input's gradient is wanted.</param>
    protected abstract void Backward(float* outputGradient, long n, bool parameters, bool input);

    private Tensor? Backward(Tensor outputGradient, bool parameters)
    {
        var input = _input ?? throw new InvalidOperationException("Backward was called without Forward.");
        _input = null;
        using var noGrad = no_grad();
        long n = input.shape[0];
        using var contiguous = Checked(outputGradient, n).contiguous();
        if (_wantsInputGradient) InputGradientRows.Reserve(n);
        Backward(TensorMemory.Pointer(contiguous), n, parameters, _wantsInputGradient);
        GC.KeepAlive(input);
        return _wantsInputGradient ? InputGradientRows.Rows(n) : null;
    }

    // The kernels would read whatever lies there.
    private Tensor Checked(Tensor input)
    {
        if (input.dtype == ScalarType.Float32 && input.device_type == DeviceType.CPU && input.shape[1] == inputs) return input;
        throw new ArgumentException(
            $"The network was given {input.dtype} {Guard.Shape(input.shape)} on {input.device_type}, expected Float32 with {inputs} values an example in the CPU's memory.",
            nameof(input));
    }

    private Tensor Checked(Tensor outputGradient, long rows)
    {
        if (outputGradient.dtype == ScalarType.Float32 && outputGradient.device_type == DeviceType.CPU && outputGradient.numel() == rows * outputs)
            return outputGradient;
        throw new ArgumentException(
            $"The output's gradient is {outputGradient.dtype} {Guard.Shape(outputGradient.shape)} on {outputGradient.device_type}, expected Float32 [{rows}, {outputs}] in the CPU's memory.",
            nameof(outputGradient));
    }
}
