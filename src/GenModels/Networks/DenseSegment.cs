using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A run of fully connected layers.</summary>
internal sealed unsafe class DenseSegment : KernelSegment
{
    private readonly DenseLayerPass[] _layers;

    private DenseSegment(DenseLayerPass[] layers)
        : base(layers[0].Step.Inputs, layers[^1].Step.Outputs, layers.SelectMany(layer => layer.Gradients)) => _layers = layers;

    /// <summary>From input to output.</summary>
    public IReadOnlyList<DenseLayerPass> Layers => _layers;

    /// <summary>A segment for training: with everything that backward passes need, so that no later step has more tensors than the first.</summary>
    public static DenseSegment ForTraining(IReadOnlyList<DenseStep> steps)
    {
        var segment = new DenseSegment(PassesOf(steps));
        foreach (var layer in segment._layers) layer.MakeRoom();
        segment.InputGradientRows.Reserve(0);
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
        if (steps.Count == 0 || !MayInfer(input, steps[0].Inputs) || !DenseStep.Fit(steps)) return null;
        using var segment = new DenseSegment(PassesOf(steps));
        return segment.Forward(input, inputGradient: false);
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var layer in _layers) layer.Dispose();
    }

    protected override Tensor Forward(float* x, long n, bool recorded)
    {
        foreach (var layer in _layers) x = layer.Forward(x, n, recorded);
        return _layers[^1].Output.Rows(n);
    }

    protected override void Backward(float* outputGradient, long n, bool parameters, bool input)
    {
        _layers[^1].FindGradient(outputGradient, n);
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            if (parameters) _layers[i].FindWeightGradient(n);
            if (i > 0) _layers[i - 1].FindGradient(_layers[i], n);
            else if (input) _layers[i].FindInputGradient(InputGradientRows.Pointer, n);
        }
    }

    private static DenseLayerPass[] PassesOf(IReadOnlyList<DenseStep> steps)
    {
        DenseLayerPass[] layers = [.. steps.Select(step => new DenseLayerPass(step))];
        foreach (var layer in layers) layer.ShareWith(layers);
        return layers;
    }
}
