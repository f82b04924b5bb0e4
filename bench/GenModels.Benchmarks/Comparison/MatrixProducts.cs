using static TorchSharp.torch;

namespace GenModels.Benchmarks.Comparison;

/// <summary>The matrix products of a training step and nothing else: what the step can't do without, through the same libtorch.</summary>
internal sealed class MatrixProducts
{
    private readonly List<(Tensor Result, Tensor Left, Tensor Right)> _products = [];
    private int _times = 1, _pieces = 1;

    /// <summary>The outputs of every layer, x·Wᵀ.</summary>
    public MatrixProducts Forward(long rows, params long[] widths) =>
        Add(widths, (inputs, outputs) => (rand(rows, inputs), rand(outputs, inputs).t()));

    /// <summary>The gradients of every weight, gᵀ·x.</summary>
    public MatrixProducts Weights(long rows, params long[] widths) =>
        Add(widths, (inputs, outputs) => (rand(rows, outputs).t(), rand(rows, inputs)));

    /// <summary>The gradients of every layer's input, g·W.</summary>
    public MatrixProducts Inputs(long rows, params long[] widths) =>
        Add(widths, (inputs, outputs) => (rand(rows, outputs), rand(outputs, inputs)));

    /// <summary>All that a plain perceptron's training step takes: its first layer's input has no gradient.</summary>
    public MatrixProducts Training(long rows, params long[] widths) =>
        Forward(rows, widths).Weights(rows, widths).Inputs(rows, widths[1..]);

    /// <summary>
    /// All that training takes of convolutions with windows of 4×4 and stride 2 on square images of one channel, either way around, but for the gradient of the
    /// image: outputs, gradients of weights, and gradients of inputs.
    /// </summary>
    public MatrixProducts Convolutions(long images, long side, int[] channels)
    {
        foreach (var (rows, patch, outputs) in Layers(images, side, channels)) Forward(rows, patch, outputs).Weights(rows, patch, outputs);
        foreach (var (rows, patch, outputs) in Layers(images, side, channels).Skip(1)) Inputs(rows, patch, outputs);
        return this;
    }

    /// <summary>The outputs of such convolutions, or the gradients of their inputs, that of the image included.</summary>
    public MatrixProducts ConvolutionOutputs(long images, long side, int[] channels)
    {
        foreach (var (rows, patch, outputs) in Layers(images, side, channels)) Forward(rows, patch, outputs);
        return this;
    }

    /// <summary>The gradient of the input of the layer next to the image.</summary>
    public MatrixProducts ConvolutionInputs(long images, long side, int channels) => Inputs(images * side * side / 4, 16, channels);

    private static IEnumerable<(long Rows, long Patch, long Outputs)> Layers(long images, long side, int[] channels) =>
        channels.Select((outputs, i) => (images * (side >> (i + 1)) * (side >> (i + 1)), 16L * (i == 0 ? 1 : channels[i - 1]), (long)outputs));

    /// <summary>Lets the hidden layers of what follows have maxout of so many pieces.</summary>
    public MatrixProducts Maxout(int pieces)
    {
        _pieces = pieces;
        return this;
    }

    /// <summary>The same so many times.</summary>
    public MatrixProducts Times(int count)
    {
        _times = count;
        return this;
    }

    public void Run()
    {
        for (int i = 0; i < _times; i++)
            foreach (var (result, left, right) in _products) result.addmm_(left, right, beta: 0, alpha: 1);
    }

    private MatrixProducts Add(long[] widths, Func<long, long, (Tensor Left, Tensor Right)> product)
    {
        for (int i = 1; i < widths.Length; i++)
        {
            var (left, right) = product(widths[i - 1], i < widths.Length - 1 ? widths[i] * _pieces : widths[i]);
            _products.Add((zeros(left.shape[0], right.shape[1]), left, right));
        }
        return this;
    }
}
