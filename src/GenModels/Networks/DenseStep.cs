using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A network that is nothing but fully connected layers, one after another.</summary>
internal interface IDenseNetwork
{
    /// <summary>The layers, from input to output; null where there is anything else between them.</summary>
    IReadOnlyList<DenseStep>? Steps { get; }
}

/// <summary>One fully connected layer: y = f(x·Wᵀ + b), or f(x·W + b) where it shares its weight with a layer of the opposite direction.</summary>
/// <param name="Weight">W, shape [outputs, inputs], or [inputs, outputs] where it is <paramref name="Shared"/>.</param>
/// <param name="Bias">b, shape [outputs].</param>
/// <param name="Activation">f.</param>
/// <param name="Shared">Whether the weight is another layer's, used backwards.</param>
internal sealed record DenseStep(Tensor Weight, Tensor Bias, Activation Activation, bool Shared = false)
{
    public long Inputs => Weight.shape[Shared ? 0 : 1];

    public long Outputs => Weight.shape[Shared ? 1 : 0];

    /// <summary>Whether kernels can run the layers of a network.</summary>
    public static bool Fit(IReadOnlyList<DenseStep> steps) =>
        MatrixProduct.Exists && steps.All(step => DensePasses.Exist(step.Activation) && TensorMemory.Fits(step.Weight, step.Bias));

    /// <summary>W or Wᵀ, whichever has the shape [inputs, outputs].</summary>
    public unsafe Matrix Matrix => Shared
        ? new Matrix(TensorMemory.Pointer(Weight), Outputs, 1)
        : new Matrix(TensorMemory.Pointer(Weight), Inputs, 1).Transposed;
}
