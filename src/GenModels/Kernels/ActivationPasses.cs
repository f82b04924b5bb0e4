using System.Runtime.CompilerServices;
using GenModels.Networks;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>What stands between the matrix products of a fully connected layer: bias and activation, and their gradients.</summary>
internal static class ActivationPasses
{
    /// <summary>Whether there are passes for an activation; the others take the way over libtorch's graph.</summary>
    public static bool Exist(Activation activation) =>
        activation is Activation.Identity or Activation.Relu or Activation.LeakyRelu or Activation.Tanh or Activation.Sigmoid;

    /// <summary>y ← f(y + b) in place, y [n, outputs] and b [outputs].</summary>
    public static void Forward(Activation activation, Tensor y, Tensor bias)
    {
        switch (activation)
        {
            case Activation.Identity: Forward<Identity>(y, bias); break;
            case Activation.Relu: Forward<Relu>(y, bias); break;
            case Activation.LeakyRelu: Forward<LeakyRelu>(y, bias); break;
            case Activation.Tanh: Forward<Tanh>(y, bias); break;
            case Activation.Sigmoid: Forward<Sigmoid>(y, bias); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no pass for this activation.");
        }
    }

    /// <summary>g ← g·f′ in place, from f's value y, and g's sum over the examples into the gradient of the bias.</summary>
    public static void Backward(Activation activation, Tensor gradient, Tensor y, Tensor biasGradient)
    {
        switch (activation)
        {
            case Activation.Identity: Backward<Identity>(gradient, y, biasGradient); break;
            case Activation.Relu: Backward<Relu>(gradient, y, biasGradient); break;
            case Activation.LeakyRelu: Backward<LeakyRelu>(gradient, y, biasGradient); break;
            case Activation.Tanh: Backward<Tanh>(gradient, y, biasGradient); break;
            case Activation.Sigmoid: Backward<Sigmoid>(gradient, y, biasGradient); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no pass for this activation.");
        }
    }

    private static unsafe void Forward<TFunction>(Tensor y, Tensor bias) where TFunction : struct, IFunction
    {
        var (rows, columns) = (y.shape[0], y.shape[1]);
        Tiles.RunRows(new ForwardPass<TFunction>(TensorMemory.Pointer(y), TensorMemory.Pointer(bias), columns), rows, columns);
        GC.KeepAlive(y);
    }

    private static unsafe void Backward<TFunction>(Tensor gradient, Tensor y, Tensor biasGradient) where TFunction : struct, IFunction
    {
        var (rows, columns) = (y.shape[0], y.shape[1]);
        Tiles.RunColumns(
            new BackwardPass<TFunction>(TensorMemory.Pointer(gradient), TensorMemory.Pointer(y), TensorMemory.Pointer(biasGradient), columns),
            rows, columns);
        GC.KeepAlive(y);
    }

    private readonly unsafe struct ForwardPass<TFunction>(float* y, float* bias, long columns) : ITilePass where TFunction : struct, IFunction
    {
        public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
        {
            for (; row < endRow; row++)
                for (long c = column; c < endColumn; c += T.Count)
                    TFunction.Value(T.Load(y + row * columns + c) + T.Load(bias + c)).Store(y + row * columns + c);
        }
    }

    private readonly unsafe struct BackwardPass<TFunction>(float* gradient, float* y, float* biasGradient, long columns) : ITilePass
        where TFunction : struct, IFunction
    {
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
