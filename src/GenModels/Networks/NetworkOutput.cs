using TorchSharp;
using static TorchSharp.torch;

namespace GenModels.Networks;

/// <summary>What a network must give for each example. A network that the caller brings may do otherwise in any call.</summary>
/// <param name="Network">What the model calls the network, for messages.</param>
/// <param name="Values">The number of values that the network gives for an example.</param>
internal readonly record struct NetworkOutput(string Network, long Values)
{
    /// <summary>Accepts an output that has a row for each row of the input, in single precision and on the input's device.</summary>
    /// <returns>The output, contiguous.</returns>
    /// <exception cref="InvalidOperationException">The output has another shape or type, or lives elsewhere.</exception>
    public Tensor Checked(Tensor output, Tensor input)
    {
        long rows = input.shape[0];
        long[] shape = output.shape;
        bool fits = shape.Length > 0 && shape[0] == rows && output.numel() == rows * Values
            && output.dtype == ScalarType.Float32 && output.device_type == input.device_type;
        if (fits) return output.is_contiguous() ? output : output.contiguous();
        throw new InvalidOperationException(
            $"The {Network} gave {output.dtype} {Guard.Shape(shape)} on {Name(output)} for an input of the shape {Guard.Shape(input.shape)} on {Name(input)}, " +
            $"expected Float32 with {rows} rows of {Values} values on the same device: one row for each row of the input.");
    }

    private static string Name(Tensor tensor) => tensor.device_type == DeviceType.CPU ? "the CPU" : $"{tensor.device_type}";
}
