using GenModels.Kernels;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>A forward pass through fully connected layers that no gradient will be asked of.</summary>
internal static class DenseInference
{
    /// <summary>The network's output, or null where the layers or the input are not for kernels, or do not fit each other.</summary>
    /// <param name="steps">The layers.</param>
    /// <param name="input">Shape [n, inputs].</param>
    public static Tensor? TryRun(IReadOnlyList<DenseStep>? steps, Tensor input)
    {
        if (steps is null || !TensorMemory.Fits(input) || input.shape is not [_, var inputs] || inputs != steps[0].Inputs || !DenseStep.Fit(steps)) return null;
        var x = input;
        foreach (var step in steps)
        {
            using var seen = step.InputDropout?.call(x);
            x = Run(step, seen ?? x);
        }
        return x;
    }

    private static unsafe Tensor Run(DenseStep step, Tensor x)
    {
        long n = x.shape[0];
        var sums = empty(n, step.Sums);
        DensePasses.Forward(
            step.Activation, new Matrix(TensorMemory.Pointer(x), step.Inputs, 1), step.Matrix, TensorMemory.Pointer(step.Bias),
            TensorMemory.Pointer(sums), (n, step.Inputs, step.Sums));
        GC.KeepAlive(x);
        if (step.MaxoutPieces == 1) return sums;
        var (y, chosen) = (empty(n, step.Outputs), empty(n, step.Outputs, dtype: int32));
        Maxout.Forward(TensorMemory.Pointer(sums), step.MaxoutPieces, TensorMemory.Pointer(y), (int*)TensorMemory.Pointer(chosen), y.numel());
        return y;
    }
}
