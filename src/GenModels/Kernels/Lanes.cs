using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

/// <summary>
/// A pack of floats: 16, 8, 4 or 1. A kernel is written once over it; the pack of one is the tail of an array.
/// </summary>
internal unsafe partial interface ILanes<T> where T : unmanaged, ILanes<T>
{
    static abstract int Count { get; }
    static abstract T Load(float* source);
    static abstract T Broadcast(float value);
    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator /(T a, T b);
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>a where a &lt; b, otherwise b: of a NaN and a number the second, as x86 has it.</summary>
    static abstract T Min(T a, T b);

    /// <summary>a where a &gt; b, otherwise b.</summary>
    static abstract T Max(T a, T b);
    static abstract T Abs(T a);
    static abstract T Sqrt(T a);
    static abstract T Round(T a);

    /// <summary>2ⁿ for a whole n in [−126, 127].</summary>
    static abstract T PowerOfTwo(T n);

    /// <summary><paramref name="ifTrue"/> where a &lt; b.</summary>
    static abstract T SelectLess(T a, T b, T ifTrue, T ifFalse);
    static abstract bool AnyNaN(T a);

    /// <summary>Adds the upper half to the lower one until one float is left: an order that packs of every count share.</summary>
    static abstract float Sum(T a);
    static abstract float Least(T a);
    static abstract float Greatest(T a);
    void Store(float* target);
}

internal readonly unsafe partial struct Lanes16(Vector512<float> v) : ILanes<Lanes16>
{
    private readonly Vector512<float> _v = v;

    public static int Count => 16;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Load(float* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Broadcast(float value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator -(Lanes16 a, Lanes16 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator /(Lanes16 a, Lanes16 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Min(Lanes16 a, Lanes16 b) => new(Vector512.MinNative(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Max(Lanes16 a, Lanes16 b) => new(Vector512.MaxNative(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Abs(Lanes16 a) => new(Vector512.Abs(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Sqrt(Lanes16 a) => new(Vector512.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 Round(Lanes16 a) => new(Vector512.Round(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 PowerOfTwo(Lanes16 n) => new(((Vector512.ConvertToInt32Native(n._v) + Vector512.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 SelectLess(Lanes16 a, Lanes16 b, Lanes16 ifTrue, Lanes16 ifFalse) => new(Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), ifTrue._v, ifFalse._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool AnyNaN(Lanes16 a) => !Vector512.EqualsAll(a._v, a._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Lanes16 a) => Lanes8.Sum(new(a._v.GetLower() + a._v.GetUpper()));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Least(Lanes16 a) => Lanes8.Least(new(Vector256.MinNative(a._v.GetLower(), a._v.GetUpper())));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Greatest(Lanes16 a) => Lanes8.Greatest(new(Vector256.MaxNative(a._v.GetLower(), a._v.GetUpper())));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public void Store(float* target) => _v.Store(target);
}

internal readonly unsafe partial struct Lanes8(Vector256<float> v) : ILanes<Lanes8>
{
    private readonly Vector256<float> _v = v;

    public static int Count => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Load(float* source) => new(Vector256.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Broadcast(float value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Min(Lanes8 a, Lanes8 b) => new(Vector256.MinNative(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Max(Lanes8 a, Lanes8 b) => new(Vector256.MaxNative(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Abs(Lanes8 a) => new(Vector256.Abs(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Sqrt(Lanes8 a) => new(Vector256.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 Round(Lanes8 a) => new(Vector256.Round(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 PowerOfTwo(Lanes8 n) => new(((Vector256.ConvertToInt32Native(n._v) + Vector256.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 SelectLess(Lanes8 a, Lanes8 b, Lanes8 ifTrue, Lanes8 ifFalse) => new(Vector256.ConditionalSelect(Vector256.LessThan(a._v, b._v), ifTrue._v, ifFalse._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool AnyNaN(Lanes8 a) => !Vector256.EqualsAll(a._v, a._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Lanes8 a) => Lanes4.Sum(new(a._v.GetLower() + a._v.GetUpper()));

    public static float Least(Lanes8 a)
    {
        float least = a._v[0];
        for (int i = 1; i < 8; i++) least = MathF.Min(least, a._v[i]);
        return least;
    }

    public static float Greatest(Lanes8 a)
    {
        float greatest = a._v[0];
        for (int i = 1; i < 8; i++) greatest = MathF.Max(greatest, a._v[i]);
        return greatest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public void Store(float* target) => _v.Store(target);
}

internal readonly unsafe partial struct Lanes1(float v) : ILanes<Lanes1>
{
    private readonly float _v = v;

    public static int Count => 1;
    public static Lanes1 Load(float* source) => new(*source);
    public static Lanes1 Broadcast(float value) => new(value);
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._v + b._v);
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._v - b._v);
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._v * b._v);
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a._v / b._v);
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a._v, b._v, c._v));
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(a._v < b._v ? a._v : b._v);
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(a._v > b._v ? a._v : b._v);
    public static Lanes1 Abs(Lanes1 a) => new(MathF.Abs(a._v));
    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a._v));
    public static Lanes1 Round(Lanes1 a) => new(MathF.Round(a._v));
    public static Lanes1 PowerOfTwo(Lanes1 n) => new(BitConverter.Int32BitsToSingle(((int)n._v + 127) << 23));
    public static Lanes1 SelectLess(Lanes1 a, Lanes1 b, Lanes1 ifTrue, Lanes1 ifFalse) => a._v < b._v ? ifTrue : ifFalse;
    public static bool AnyNaN(Lanes1 a) => float.IsNaN(a._v);
    public static float Sum(Lanes1 a) => a._v;
    public static float Least(Lanes1 a) => a._v;
    public static float Greatest(Lanes1 a) => a._v;
    public void Store(float* target) => *target = _v;
}
