using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// One convolution, y = f(W∗x + b), or a transposed one, which is the gradient of a convolution by its input and makes images larger. With batch
/// norm the bias is added behind it.
/// </summary>
/// <param name="Weight">
/// W, shape [outputs, inputs, kernel height, kernel width], or [inputs, outputs, …] where it is <paramref name="Transposed"/>.
/// </param>
/// <param name="Bias">b, shape [outputs]; with batch norm its β.</param>
/// <param name="Activation">f.</param>
/// <param name="Shape">How the window moves over the larger of the two images: the input, or the output of a transposed convolution.</param>
/// <param name="Transposed">Whether it is a transposed one.</param>
internal sealed record ConvolutionStep(Tensor Weight, Tensor Bias, Activation Activation, PatchShape Shape, bool Transposed) : NetworkPart
{
    /// <summary>How many of the input's channels are the same for all pixels and stand behind the image as one value each: a condition.</summary>
    public long Planes { get; init; }

    /// <summary>What normalizes the sums, if anything does.</summary>
    public BatchNorm? Norm { get; init; }

    public override bool TreatsExamplesAlone => Norm is null;

    /// <summary>The number of values at each position of the smaller image.</summary>
    public long Columns => Weight.shape[0];

    public long InputChannels => Transposed ? Columns : Shape.Channels;

    public long InputPixels => Transposed ? Shape.Positions : Shape.Height * Shape.Width;

    public long OutputChannels => Transposed ? Shape.Channels : Columns;

    public long OutputPixels => Transposed ? Shape.Height * Shape.Width : Shape.Positions;

    /// <summary>The number of values that an example brings: those of its image, and one for each plane.</summary>
    public long Inputs => InputPixels * (InputChannels - Planes) + Planes;

    public long Outputs => OutputPixels * OutputChannels;

    /// <summary>Whether kernels can run the layers: their memory is where kernels reach it, and they fit each other.</summary>
    public static bool Fit(IReadOnlyList<ConvolutionStep> steps)
    {
        if (!MatrixProduct.Exists) return false;
        for (int i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (!TensorMemory.Fits(step.Weight, step.Bias) || !step.HasItsShape()) return false;
            if (step.Norm is { } norm && !BatchNormPass.Fits(norm, step.OutputChannels)) return false;
            bool follows = i == 0 || (step.InputChannels, step.InputPixels, step.Planes) == (steps[i - 1].OutputChannels, steps[i - 1].OutputPixels, 0);
            if (!follows) return false;
        }
        return true;
    }

    /// <summary>Whether weight and bias are as large as the window says.</summary>
    public bool HasItsShape() =>
        Weight.shape is [_, var channels, var height, var width]
        && (channels, height, width) == (Shape.Channels, Shape.KernelHeight, Shape.KernelWidth) && Bias.numel() == OutputChannels;
}
