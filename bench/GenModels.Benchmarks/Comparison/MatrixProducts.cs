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
