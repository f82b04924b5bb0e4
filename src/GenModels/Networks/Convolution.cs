using GenModels.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// A convolution with weight [outputs, inputs, height, width], or a transposed one with weight [inputs, outputs, height, width], and bias
/// [outputs]: names and shapes as in PyTorch.
/// </summary>
internal sealed class Convolution : nn.Module<Tensor, Tensor>
{
    private readonly PatchShape _shape;
    private readonly bool _transposed;

    /// <summary>Makes a layer with random weights.</summary>
    /// <param name="shape">How the window moves over the larger of the two images: the input, or the output of a transposed convolution.</param>
    /// <param name="columns">The number of channels of the smaller one.</param>
    /// <param name="transposed">Whether it makes the larger image of the smaller.</param>
    /// <param name="initialization">Where the weights start.</param>
    /// <param name="generator">The source of the weights.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public Convolution(PatchShape shape, long columns, bool transposed, Initialization initialization, RandomGenerator generator, bool hasBias)
        : base(nameof(Convolution))
    {
        (_shape, _transposed) = (shape, transposed);
        using var scope = NewDisposeScope();
        var (w, b) = (empty([columns, shape.Channels, shape.KernelHeight, shape.KernelWidth]), empty(transposed ? shape.Channels : columns));
        initialization.Fill(w, b, generator);
        Register("weight", w);
        if (hasBias) Register("bias", b);
        HasBias = hasBias;
    }

    private bool HasBias { get; }

    /// <summary>The number of channels of its output.</summary>
    public long Outputs => _transposed ? _shape.Channels : Weight.shape[0];

    private Parameter Weight => Registered("weight");

    /// <summary>The names and shapes of a layer's parameters.</summary>
    public static IEnumerable<StateShape> Shapes(PatchShape shape, long columns, bool transposed, bool hasBias)
    {
        yield return new("weight", columns, shape.Channels, shape.KernelHeight, shape.KernelWidth);
        if (hasBias) yield return new("bias", transposed ? shape.Channels : columns);
    }

    /// <summary>The layer as kernels see it.</summary>
    public ConvolutionStep Step(Activation activation, BatchNorm? norm, long planes) =>
        new(Weight, norm?.Bias ?? Registered("bias"), activation, _shape, _transposed) { Norm = norm, Planes = planes };

    /// <summary>The convolution.</summary>
    /// <param name="input">Shape [n, inputs, height, width].</param>
    /// <returns>Shape [n, outputs, height, width].</returns>
    public override Tensor forward(Tensor input)
    {
        long[] strides = [_shape.Stride, _shape.Stride], padding = [_shape.Padding, _shape.Padding];
        var bias = HasBias ? Registered("bias") : null;
        return _transposed
            ? nn.functional.conv_transpose2d(input, Weight, bias, strides: strides, padding: padding)
            : nn.functional.conv2d(input, Weight, bias, strides: strides, padding: padding);
    }

    private void Register(string name, Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }

    private Parameter Registered(string name) => get_parameter(name) ?? throw new InvalidOperationException($"The layer has no {name}.");
}
