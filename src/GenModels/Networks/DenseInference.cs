using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A forward pass through fully connected layers that no gradient will be asked of.</summary>
internal static class DenseInference
{
    /// <summary>The network's output, or null where the layers or the input are not for kernels.</summary>
    /// <param name="steps">The layers.</param>
    /// <param name="input">Shape [n, inputs].</param>
    public static unsafe Tensor? TryRun(IReadOnlyList<DenseStep>? steps, Tensor input)
    {
        if (steps is null || !TensorMemory.Fits(input) || !DenseStep.Fit(steps)) return null;
        long n = input.shape[0];
        var x = input;
        foreach (var step in steps)
        {
            var (inputs, outputs) = (step.Inputs, step.Outputs);
            var y = empty(n, outputs);
            DensePasses.Forward(
                step.Activation, new Matrix(TensorMemory.Pointer(x), inputs, 1), step.Matrix, TensorMemory.Pointer(step.Bias),
                TensorMemory.Pointer(y), (n, inputs, outputs));
            GC.KeepAlive(x);
            x = y;
        }
        return x;
    }
}
