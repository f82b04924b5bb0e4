using GenModels.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// A run of convolutions in the CPU's memory, without a graph and without libtorch's operators. Outside of it images have their channels first;
/// within it they have them last.
/// </summary>
internal sealed unsafe class ConvolutionSegment : Segment
{
    private readonly ConvolutionLayerPass[] _layers;
    private readonly ParameterGradient[] _gradients;
    // What stands outside has its channels first: input, output, and their gradients in the other order.
    private readonly RowBuffer _orderedInput, _output, _orderedGradient, _inputGradient;
    private Tensor? _input;
    private bool _wantsInputGradient;

    private ConvolutionSegment(IReadOnlyList<ConvolutionStep> steps)
    {
        _layers = [.. steps.Select(step => new ConvolutionLayerPass(step))];
        (First, Last) = (steps[0], steps[^1]);
        _orderedInput = new RowBuffer(First.InputPixels * First.InputChannels);
        _inputGradient = new RowBuffer(First.Inputs);
        (_output, _orderedGradient) = (new RowBuffer(Last.Outputs), new RowBuffer(Last.Outputs));
        _gradients = [.. _layers.SelectMany(layer => layer.Gradients)];
        Parameters = [.. _gradients.Select(gradient => gradient.Parameter)];
    }

    public override IReadOnlyList<Tensor> Parameters { get; }

    private ConvolutionStep First { get; }

    private ConvolutionStep Last { get; }

    /// <summary>A segment for training: with everything that backward passes need, so that no later step has more tensors than the first.</summary>
    public static ConvolutionSegment ForTraining(IReadOnlyList<ConvolutionStep> steps)
    {
        var segment = new ConvolutionSegment(steps);
        foreach (var layer in segment._layers) layer.MakeRoom();
        foreach (var buffer in segment.Buffers) buffer.Reserve(0);
        return segment;
    }

    /// <summary>
    /// The layers' output where no gradients are recorded, by the same forward pass; null where they are, or where the layers or the input are
    /// not for kernels, or do not fit each other.
    /// </summary>
    /// <param name="steps">The layers.</param>
    /// <param name="input">Shape [n, inputs].</param>
    public static Tensor? TryInfer(IReadOnlyList<ConvolutionStep> steps, Tensor input)
    {
        if (is_grad_enabled() || steps.Count == 0 || !TensorMemory.Fits(input)) return null;
        if (input.shape is not [_, var inputs] || inputs != steps[0].Inputs || !ConvolutionStep.Fit(steps)) return null;
        using var segment = new ConvolutionSegment(steps);
        return segment.Forward(input, inputGradient: false);
    }

    public override Tensor Forward(Tensor input, bool inputGradient)
    {
        bool recorded = is_grad_enabled();
        using var noGrad = no_grad();
        _wantsInputGradient = inputGradient;
        _input = Checked(input.flatten(1)).contiguous();
        long n = _input.shape[0];
        float* x = Ordered(TensorMemory.Pointer(_input), n);
        foreach (var layer in _layers) x = layer.Forward(x, n, recorded);
        return ChannelsFirst(x, n);
    }

    public override (IReadOnlyList<Tensor?> Parameters, Tensor? Input) Backward(Tensor outputGradient)
    {
        var input = Backward(outputGradient, parameters: true);
        return ([.. _gradients.Select(gradient => gradient.Parameter.requires_grad ? gradient.Values : null)], input);
    }

    public override Tensor? InputGradient(Tensor outputGradient) => _wantsInputGradient
        ? Backward(outputGradient, parameters: false)
        : throw new InvalidOperationException("The forward pass was not told that its input's gradient is needed.");

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
        foreach (var buffer in Buffers) buffer.Dispose();
    }

    private RowBuffer[] Buffers => [_orderedInput, _output, _orderedGradient, _inputGradient];

    private Tensor? Backward(Tensor outputGradient, bool parameters)
    {
        var input = _input ?? throw new InvalidOperationException("Backward was called without Forward.");
        _input = null;
        using var noGrad = no_grad();
        long n = input.shape[0];
        using var contiguous = Checked(outputGradient, n).contiguous();
        float* gradient = _orderedGradient.Reserve(n);
        var (channels, pixels) = (Last.OutputChannels, Last.OutputPixels);
        ChannelOrder.Swap(
            ChannelOrder.Images.Of(TensorMemory.Pointer(contiguous), channels, pixels), ChannelOrder.Images.Of(gradient, pixels, channels), (n, channels, pixels));
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].FindGradient(gradient, n);
            if (parameters) _layers[i].FindWeightGradient(gradient, n);
            if (i > 0 || _wantsInputGradient) gradient = _layers[i].FindInputGradient(gradient, n);
        }
        GC.KeepAlive(input);
        return _wantsInputGradient ? InputGradient(gradient, n) : null;
    }

    /// <summary>The input with its channels last, and its planes spread over the pixels.</summary>
    private float* Ordered(float* x, long n)
    {
        var (channels, pixels, planes) = (First.InputChannels, First.InputPixels, First.Planes);
        if (channels == 1 || pixels == 1) return x;
        float* target = _orderedInput.Reserve(n);
        ChannelOrder.Swap(
            new((nint)x, First.Inputs, pixels), new((nint)target, pixels * channels, channels), (n, channels - planes, pixels));
        if (planes > 0) ChannelOrder.Spread(x + pixels * (channels - planes), First.Inputs, target + channels - planes, (n, pixels, channels), planes);
        return target;
    }

    /// <summary>The gradient of the input, channels first, from that of the ordered one; a plane's is the sum over the pixels.</summary>
    private Tensor InputGradient(float* gradient, long n)
    {
        var (channels, pixels, planes) = (First.InputChannels, First.InputPixels, First.Planes);
        float* target = _inputGradient.Reserve(n);
        ChannelOrder.Swap(
            new((nint)gradient, pixels * channels, channels), new((nint)target, First.Inputs, pixels), (n, pixels, channels - planes));
        if (planes > 0) ChannelOrder.Sum(gradient + channels - planes, (n, pixels, channels), target + pixels * (channels - planes), First.Inputs, planes);
        return _inputGradient.Rows(n);
    }

    private Tensor ChannelsFirst(float* y, long n)
    {
        var (channels, pixels) = (Last.OutputChannels, Last.OutputPixels);
        ChannelOrder.Swap(ChannelOrder.Images.Of(y, pixels, channels), ChannelOrder.Images.Of(_output.Reserve(n), channels, pixels), (n, pixels, channels));
        return _output.Rows(n);
    }

    // The kernels would read whatever lies there.
    private Tensor Checked(Tensor input)
    {
        if (input.dtype == ScalarType.Float32 && input.device_type == DeviceType.CPU && input.shape[1] == First.Inputs) return input;
        throw new ArgumentException(
            $"The network was given {input.dtype} {Guard.Shape(input.shape)} on {input.device_type}, expected Float32 with {First.Inputs} values an example in the CPU's memory.",
            nameof(input));
    }

    private Tensor Checked(Tensor outputGradient, long rows)
    {
        if (outputGradient.dtype == ScalarType.Float32 && outputGradient.device_type == DeviceType.CPU && outputGradient.numel() == rows * Last.Outputs)
            return outputGradient;
        throw new ArgumentException(
            $"The output's gradient is {outputGradient.dtype} {Guard.Shape(outputGradient.shape)} on {outputGradient.device_type}, expected Float32 with {rows * Last.Outputs} values in the CPU's memory.",
            nameof(outputGradient));
    }
}
