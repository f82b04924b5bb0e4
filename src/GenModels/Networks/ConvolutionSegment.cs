using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A run of convolutions. Outside of it images have their channels first; within it they have them last.</summary>
internal sealed unsafe class ConvolutionSegment : KernelSegment
{
    private readonly ConvolutionLayerPass[] _layers;
    // What stands inside in the other order than outside: the input, the output, and the output's gradient.
    private readonly RowBuffer _input, _output, _outputGradient;

    private ConvolutionSegment(ConvolutionLayerPass[] layers)
        : base(layers[0].Step.Inputs, layers[^1].Step.Outputs, layers.SelectMany(layer => layer.Gradients))
    {
        _layers = layers;
        _input = new RowBuffer(First.InputPixels * First.InputChannels);
        (_output, _outputGradient) = (new RowBuffer(Last.Outputs), new RowBuffer(Last.Outputs));
    }

    private ConvolutionStep First => _layers[0].Step;

    private ConvolutionStep Last => _layers[^1].Step;

    /// <inheritdoc cref="DenseSegment.ForTraining"/>
    public static ConvolutionSegment ForTraining(IReadOnlyList<ConvolutionStep> steps)
    {
        var segment = new ConvolutionSegment(PassesOf(steps));
        foreach (var layer in segment._layers) layer.MakeRoom();
        foreach (var buffer in segment.Buffers) buffer.Reserve(0);
        segment.InputGradientRows.Reserve(0);
        return segment;
    }

    /// <inheritdoc cref="DenseSegment.TryInfer"/>
    public static Tensor? TryInfer(IReadOnlyList<ConvolutionStep> steps, Tensor input)
    {
        if (steps.Count == 0 || !MayInfer(input, steps[0].Inputs) || !ConvolutionStep.Fit(steps)) return null;
        using var segment = new ConvolutionSegment(PassesOf(steps));
        return segment.Forward(input, inputGradient: false);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        foreach (var buffer in Buffers) buffer.Dispose();
    }

    protected override Tensor Forward(float* x, long n, bool recorded)
    {
        x = ChannelsLast(x, n);
        foreach (var layer in _layers) x = layer.Forward(x, n, recorded);
        var (channels, pixels) = (Last.OutputChannels, Last.OutputPixels);
        if (IsSame(channels, pixels)) return _layers[^1].Output.Rows(n);
        ChannelOrder.Swap(ChannelOrder.Images.Of(x, pixels, channels), ChannelOrder.Images.Of(_output.Reserve(n), channels, pixels), (n, pixels, channels));
        return _output.Rows(n);
    }

    protected override void Backward(float* outputGradient, long n, bool parameters, bool input)
    {
        float* gradient = outputGradient;
        var (channels, pixels) = (Last.OutputChannels, Last.OutputPixels);
        if (!IsSame(channels, pixels))
        {
            gradient = _outputGradient.Reserve(n);
            ChannelOrder.Swap(ChannelOrder.Images.Of(outputGradient, channels, pixels), ChannelOrder.Images.Of(gradient, pixels, channels), (n, channels, pixels));
        }
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            _layers[i].FindGradient(gradient, n);
            if (parameters) _layers[i].FindWeightGradient(gradient, n);
            if (i > 0 || input) gradient = _layers[i].FindInputGradient(gradient, n);
        }
        if (input) KeepInputGradient(gradient, n);
    }

    private RowBuffer[] Buffers => [_input, _output, _outputGradient];

    private static ConvolutionLayerPass[] PassesOf(IReadOnlyList<ConvolutionStep> steps) => [.. steps.Select(step => new ConvolutionLayerPass(step))];

    /// <summary>Whether images lie in memory the same way with their channels first and last.</summary>
    private static bool IsSame(long channels, long pixels) => channels == 1 || pixels == 1;

    /// <summary>The input with its channels last, and its planes spread over the pixels.</summary>
    private float* ChannelsLast(float* x, long n)
    {
        var (channels, pixels, planes) = (First.InputChannels, First.InputPixels, First.Planes);
        if (IsSame(channels, pixels)) return x;
        float* target = _input.Reserve(n);
        ChannelOrder.Swap(
            new((nint)x, First.Inputs, pixels), new((nint)target, pixels * channels, channels), (n, channels - planes, pixels));
        if (planes > 0) ChannelOrder.Spread(x + pixels * (channels - planes), First.Inputs, target + channels - planes, (n, pixels, channels), planes);
        return target;
    }

    /// <summary>Keeps the input's gradient with its channels first; that of a plane's value is the sum over the pixels.</summary>
    private void KeepInputGradient(float* gradient, long n)
    {
        var (channels, pixels, planes) = (First.InputChannels, First.InputPixels, First.Planes);
        float* target = InputGradientRows.Pointer;
        ChannelOrder.Swap(
            new((nint)gradient, pixels * channels, channels), new((nint)target, First.Inputs, pixels), (n, pixels, channels - planes));
        if (planes > 0) ChannelOrder.Sum(gradient + channels - planes, (n, pixels, channels), target + pixels * (channels - planes), First.Inputs, planes);
    }
}
