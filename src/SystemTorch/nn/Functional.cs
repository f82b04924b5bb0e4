namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Ops.linear.Call(input, weights, bias);

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Ops.conv2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null,
                long[]? dilation = null, long groups = 1) =>
                Ops.conv_transpose2d.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? Ops.leaky_relu_.CallInPlace(input, input, negative_slope) : Ops.leaky_relu.Call(input, negative_slope);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? throw new NotSupportedException("TorchSharp ignores inplace here; so use the result.") : Ops.elu.Call(x, alpha);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Ops.softplus.Call(x, beta, threshold);
        }
    }
}
