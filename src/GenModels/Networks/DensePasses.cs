using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>
/// Fully connected layers: a matrix product each way, and bias, batch norm and activation in a pass over what it has just computed.
/// </summary>
internal static unsafe class DensePasses
{
    /// <summary>y ← f(x·W + b), or f(γ·x̂ + β) with x̂ = x·W normalized.</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">Shape [rows, inner].</param>
    /// <param name="weight">W, shape [inner, columns].</param>
    /// <param name="layer">What the layer has for each column.</param>
    /// <param name="y">Receives the layer's output, row by row.</param>
    /// <param name="size">The three dimensions.</param>
    public static void Forward(Activation activation, Matrix x, Matrix weight, LayerColumns layer, float* y, (long Rows, long Inner, long Columns) size) =>
        ActivationFunctions.Use(activation, new ForwardProduct(x, weight, layer, y, size));

    /// <summary>gradient ← (above·W)·f′: the gradient of a layer's sums from that of the sums above it, and those of what it has for its columns.</summary>
    /// <param name="activation">f, the layer's activation.</param>
    /// <param name="above">The gradient of the sums of the layer above, shape [rows, inner].</param>
    /// <param name="weight">That layer's weight, shape [inner, columns].</param>
    /// <param name="layer">What the layer has for each column.</param>
    /// <param name="y">The layer's output.</param>
    /// <param name="gradient">Receives the gradient of the layer's sums, row by row.</param>
    /// <param name="size">The three dimensions.</param>
    public static void Backward(
        Activation activation, Matrix above, Matrix weight, LayerColumns layer, float* y, float* gradient, (long Rows, long Inner, long Columns) size) =>
        ActivationFunctions.Use(activation, new BackwardProduct(above, weight, layer, y, gradient, size));

    /// <summary>The same in place, where no product has just computed the gradient of the output.</summary>
    public static void Slope(Activation activation, float* gradient, float* y, LayerColumns layer, long rows, long columns) =>
        ActivationFunctions.Use(activation, new Slopes(gradient, y, layer, rows, columns));

    private readonly struct ForwardProduct(Matrix x, Matrix weight, LayerColumns layer, float* y, (long Rows, long Inner, long Columns) size) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction
        {
            if (layer.Norm is not { } norm)
                MatrixProduct.Run(x, weight, y, size, add: false, new ActivationForward<TFunction>(y, layer.Bias, size.Columns));
            else
                MatrixProduct.Run(x, weight, norm.Normalized, size, add: false, new BatchNormForward<TFunction>(norm, layer.Bias, y, size.Columns));
        }
    }

    private readonly struct BackwardProduct(
        Matrix above, Matrix weight, LayerColumns layer, float* y, float* gradient, (long Rows, long Inner, long Columns) size) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction
        {
            if (layer.Norm is not { } norm)
                MatrixProduct.Run(above, weight, gradient, size, add: false, new ActivationBackward<TFunction>(gradient, y, layer.BiasGradient, size.Columns));
            else
                MatrixProduct.Run(
                    above, weight, gradient, size, add: false, new BatchNormBackward<TFunction>(norm, gradient, y, layer.BiasGradient, size.Columns));
        }
    }

    private readonly struct Slopes(float* gradient, float* y, LayerColumns layer, long rows, long columns) : IActivationUse
    {
        public void With<TFunction>() where TFunction : struct, IActivationFunction
        {
            if (layer.Norm is not { } norm)
                Tiles.Run(new ActivationBackward<TFunction>(gradient, y, layer.BiasGradient, columns), rows, columns);
            else
                Tiles.Run(new BatchNormBackward<TFunction>(norm, gradient, y, layer.BiasGradient, columns), rows, columns);
        }
    }
}
