using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>Fully connected layers: a matrix product each way, and bias and activation in a pass over what it has just computed.</summary>
internal static unsafe class DensePasses
{
    /// <summary>Whether there are passes for an activation; the others take the way over libtorch's graph.</summary>
    public static bool Exist(Activation activation) =>
        activation is Activation.Identity or Activation.Relu or Activation.LeakyRelu or Activation.Tanh or Activation.Sigmoid;

    /// <summary>y ← f(x·W + b).</summary>
    /// <param name="activation">f.</param>
    /// <param name="x">Shape [rows, inner].</param>
    /// <param name="weight">W, shape [inner, columns].</param>
    /// <param name="bias">b, one for each column.</param>
    /// <param name="y">Receives the layer's output, row by row.</param>
    /// <param name="size">The three dimensions.</param>
    public static void Forward(Activation activation, Matrix x, Matrix weight, float* bias, float* y, (long Rows, long Inner, long Columns) size) =>
        Choose(activation, new ForwardProduct(x, weight, bias, y, size));

    /// <summary>gradient ← (above·W)·f′: the gradient of a layer's sums from that of the sums above it, and its sum over the rows.</summary>
    /// <param name="activation">f, the layer's activation.</param>
    /// <param name="above">The gradient of the sums of the layer above, shape [rows, inner].</param>
    /// <param name="weight">That layer's weight, shape [inner, columns].</param>
    /// <param name="y">The layer's output.</param>
    /// <param name="biasGradient">Receives the gradient of the layer's bias.</param>
    /// <param name="gradient">Receives the gradient of the layer's sums, row by row.</param>
    /// <param name="size">The three dimensions.</param>
    public static void Backward(
        Activation activation, Matrix above, Matrix weight, float* y, float* biasGradient, float* gradient, (long Rows, long Inner, long Columns) size) =>
        Choose(activation, new BackwardProduct(above, weight, y, biasGradient, gradient, size));

    /// <summary>gradient ← gradient·f′ in place, where no product has just computed it, and its sum over the rows.</summary>
    public static void Slope(Activation activation, float* gradient, float* y, float* biasGradient, long rows, long columns) =>
        Choose(activation, new Slopes(gradient, y, biasGradient, rows, columns));

    private static void Choose<TUse>(Activation activation, TUse use) where TUse : struct, IFunctionUse
    {
        switch (activation)
        {
            case Activation.Identity: use.With<Identity>(); break;
            case Activation.Relu: use.With<Relu>(); break;
            case Activation.LeakyRelu: use.With<LeakyRelu>(); break;
            case Activation.Tanh: use.With<Tanh>(); break;
            case Activation.Sigmoid: use.With<Sigmoid>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no pass for this activation.");
        }
    }

    private interface IFunctionUse
    {
        void With<TFunction>() where TFunction : struct, IFunction;
    }

    private readonly struct ForwardProduct(Matrix x, Matrix weight, float* bias, float* y, (long Rows, long Inner, long Columns) size) : IFunctionUse
    {
        public void With<TFunction>() where TFunction : struct, IFunction =>
            MatrixProduct.Run(x, weight, y, size, add: false, new ForwardPass<TFunction>(y, bias, size.Columns));
    }

    private readonly struct BackwardProduct(
        Matrix above, Matrix weight, float* y, float* biasGradient, float* gradient, (long Rows, long Inner, long Columns) size) : IFunctionUse
    {
        public void With<TFunction>() where TFunction : struct, IFunction =>
            MatrixProduct.Run(above, weight, gradient, size, add: false, new BackwardPass<TFunction>(gradient, y, biasGradient, size.Columns));
    }

    private readonly struct Slopes(float* gradient, float* y, float* biasGradient, long rows, long columns) : IFunctionUse
    {
        public void With<TFunction>() where TFunction : struct, IFunction =>
            Tiles.Run(new BackwardPass<TFunction>(gradient, y, biasGradient, columns), rows, columns);
    }

    private readonly struct ForwardPass<TFunction>(float* y, float* bias, long columns) : ITilePass where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
                for (long c = column; c < endColumn; c += T.Count)
                    TFunction.Value(T.Load(y + row * columns + c) + T.Load(bias + c)).Store(y + row * columns + c);
        }
    }

    private readonly struct BackwardPass<TFunction>(float* gradient, float* y, float* biasGradient, long columns) : ITilePass
        where TFunction : struct, IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (long c = column; c < endColumn; c += T.Count)
            {
                var sum = T.Broadcast(0);
                for (long r = row; r < endRow; r++)
                {
                    var g = TFunction.TimesSlope(T.Load(gradient + r * columns + c), T.Load(y + r * columns + c));
                    g.Store(gradient + r * columns + c);
                    sum += g;
                }
                sum.Store(biasGradient + c);
            }
        }
    }

    private interface IFunction
    {
        static abstract T Value<T>(T x) where T : unmanaged, ILanes<T>;

        /// <summary>g·f′(x) from y = f(x).</summary>
        static abstract T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T>;
    }

    private readonly struct Identity : IFunction
    {
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => x;
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g;
    }

    private readonly struct Relu : IFunction
    {
        // A NaN passes through, as in libtorch.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => T.SelectLess(x, T.Broadcast(0), T.Broadcast(0), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), y, g, T.Broadcast(0));
    }

    private readonly struct LeakyRelu : IFunction
    {
        private const float Slope = (float)Activations.LeakySlope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), x, x, x * T.Broadcast(Slope));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), y, g, g * T.Broadcast(Slope));
    }

    private readonly struct Tanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => LaneMath.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g * (T.Broadcast(1) - y * y);
    }

    private readonly struct Sigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => LaneMath.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g * (y - y * y);
    }
}
