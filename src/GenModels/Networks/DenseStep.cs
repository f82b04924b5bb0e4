using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>
/// One fully connected layer: the sums s = x·Wᵀ + b, or x·W + b where it shares its weight with a layer of the opposite direction, and
/// y = f(s), or the greatest of each unit's pieces. With batch norm the bias is added behind it.
/// </summary>
/// <param name="Weight">W, shape [sums, inputs], or [inputs, sums] where it is <paramref name="Shared"/>.</param>
/// <param name="Bias">b, shape [sums]; with batch norm its β.</param>
/// <param name="Activation">f; the identity with maxout.</param>
/// <param name="Shared">Whether the weight is another layer's, used backwards.</param>
internal sealed record DenseStep(Tensor Weight, Tensor Bias, Activation Activation, bool Shared = false) : NetworkPart
{
    public long Inputs => Weight.shape[Shared ? 0 : 1];

    public long Sums => Weight.shape[Shared ? 1 : 0];

    /// <summary>How many sums a unit takes the greatest of; 1 where there is no maxout.</summary>
    public int MaxoutPieces { get; init; } = 1;

    public long Outputs => Sums / MaxoutPieces;

    /// <summary>What drops values of the layer's input, if anything does.</summary>
    public Dropout? InputDropout { get; init; }

    /// <summary>What normalizes the sums, if anything does.</summary>
    public BatchNorm? Norm { get; init; }

    public override bool TreatsExamplesAlone => Norm is null;

    /// <summary>Whether kernels can run the layers of a network: their memory is where kernels reach it, and they fit each other.</summary>
    public static bool Fit(IReadOnlyList<DenseStep> steps)
    {
        if (!MatrixProduct.Exists) return false;
        long outputs = steps[0].Inputs;
        foreach (var step in steps)
        {
            if (!TensorMemory.Fits(step.Weight, step.Bias) || step.Inputs != outputs || step.Bias.numel() != step.Sums) return false;
            if (step.Norm is { } norm && !BatchNormPass.Fits(norm, step.Sums)) return false;
            outputs = step.Outputs;
        }
        return true;
    }

    /// <summary>W or Wᵀ, whichever has the shape [inputs, sums].</summary>
    public unsafe Matrix Matrix => Shared
        ? new Matrix(TensorMemory.Pointer(Weight), Sums, 1)
        : new Matrix(TensorMemory.Pointer(Weight), Inputs, 1).Transposed;
}
