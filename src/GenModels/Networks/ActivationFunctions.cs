using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels.Networks;

/// <summary>An activation over packs of floats, whose derivative follows from its value.</summary>
internal interface IActivationFunction
{
    static abstract T Value<T>(T x) where T : unmanaged, ILanes<T>;

    /// <summary>g·f′(x) from y = f(x).</summary>
    static abstract T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T>;

    /// <summary>f″(x)/f′(x) from y = f(x); 0 for what consists of straight lines.</summary>
    static virtual T Curvature<T>(T y) where T : unmanaged, ILanes<T> => T.Broadcast(0);
}

/// <summary>Work that is written once for every activation.</summary>
internal interface IActivationUse
{
    void With<TFunction>() where TFunction : struct, IActivationFunction;
}

/// <summary>The activations that kernels know, which are all that there are.</summary>
internal static class ActivationFunctions
{
    /// <summary>Does the work for one of them.</summary>
    public static void Use<TUse>(Activation activation, TUse use) where TUse : struct, IActivationUse
    {
        switch (activation)
        {
            case Activation.Identity: use.With<Identity>(); break;
            case Activation.Relu: use.With<Relu>(); break;
            case Activation.LeakyRelu: use.With<LeakyRelu>(); break;
            case Activation.Tanh: use.With<Tanh>(); break;
            case Activation.Sigmoid: use.With<Sigmoid>(); break;
            case Activation.Elu: use.With<Elu>(); break;
            case Activation.Softplus: use.With<Softplus>(); break;
            default: throw new ArgumentOutOfRangeException(nameof(activation), activation, "No such activation.");
        }
    }

    private readonly struct Identity : IActivationFunction
    {
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => x;
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g;
    }

    private readonly struct Relu : IActivationFunction
    {
        // A NaN passes through, as in libtorch.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => T.SelectLess(x, T.Broadcast(0), T.Broadcast(0), x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), y, g, T.Broadcast(0));
    }

    private readonly struct LeakyRelu : IActivationFunction
    {
        private const float Slope = (float)Activations.LeakySlope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), x, x, x * T.Broadcast(Slope));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), y, g, g * T.Broadcast(Slope));
    }

    private readonly struct Tanh : IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => LaneMath.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g * (T.Broadcast(1) - y * y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Curvature<T>(T y) where T : unmanaged, ILanes<T> => T.Broadcast(-2) * y;
    }

    private readonly struct Sigmoid : IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => LaneMath.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => g * (y - y * y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Curvature<T>(T y) where T : unmanaged, ILanes<T> => T.MultiplyAdd(T.Broadcast(-2), y, T.Broadcast(1));
    }

    private readonly struct Elu : IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => T.SelectLess(x, T.Broadcast(0), LaneMath.ExpMinus1(T.Min(T.Broadcast(0), x)), x);

        // Below 0 the slope is eˣ = y + 1.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.SelectLess(y, T.Broadcast(0), T.MultiplyAdd(g, y, g), g);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Curvature<T>(T y) where T : unmanaged, ILanes<T> => T.SelectLess(y, T.Broadcast(0), T.Broadcast(1), T.Broadcast(0));
    }

    private readonly struct Softplus : IActivationFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Value<T>(T x) where T : unmanaged, ILanes<T> => LaneMath.Softplus(x, out _);

        // The slope is σ(x) = 1 − e⁻ʸ.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T TimesSlope<T>(T g, T y) where T : unmanaged, ILanes<T> => T.Broadcast(0) - g * LaneMath.ExpMinus1(T.Broadcast(0) - y);

        // σ′/σ = 1 − σ.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Curvature<T>(T y) where T : unmanaged, ILanes<T> => LaneMath.Exp(T.Broadcast(0) - y);
    }
}
