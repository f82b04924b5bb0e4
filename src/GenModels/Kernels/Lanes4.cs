using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

/// <summary>Four floats: the widest pack of Arm processors, and what .NET computes one by one where there are no vectors.</summary>
internal readonly unsafe partial struct Lanes4(Vector128<float> v) : ILanes<Lanes4>
{
    private readonly Vector128<float> _v = v;

    public static int Count => 4;
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Load(float* source) => new(Vector128.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Broadcast(float value) => new(Vector128.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator /(Lanes4 a, Lanes4 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.FusedMultiplyAdd(a._v, b._v, c._v));
    // Arm's own minimum and maximum differ from x86's in what they give for a NaN and for zeros of both signs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Min(Lanes4 a, Lanes4 b) => new(Vector128.ConditionalSelect(Vector128.LessThan(a._v, b._v), a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Max(Lanes4 a, Lanes4 b) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(a._v, b._v), a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Abs(Lanes4 a) => new(Vector128.Abs(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Sqrt(Lanes4 a) => new(Vector128.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 Round(Lanes4 a) => new(Vector128.Round(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 PowerOfTwo(Lanes4 n) => new(((Vector128.ConvertToInt32Native(n._v) + Vector128.Create(127)) << 23).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 SelectLess(Lanes4 a, Lanes4 b, Lanes4 ifTrue, Lanes4 ifFalse) => new(Vector128.ConditionalSelect(Vector128.LessThan(a._v, b._v), ifTrue._v, ifFalse._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static bool AnyNaN(Lanes4 a) => !Vector128.EqualsAll(a._v, a._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static float Sum(Lanes4 a) => a._v[0] + a._v[2] + (a._v[1] + a._v[3]);

    public static float Least(Lanes4 a)
    {
        float least = a._v[0];
        for (int i = 1; i < 4; i++) least = MathF.Min(least, a._v[i]);
        return least;
    }

    public static float Greatest(Lanes4 a)
    {
        float greatest = a._v[0];
        for (int i = 1; i < 4; i++) greatest = MathF.Max(greatest, a._v[i]);
        return greatest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public void Store(float* target) => _v.Store(target);
}
