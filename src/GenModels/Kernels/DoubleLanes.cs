using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

/// <summary>A vector of doubles, with what <see cref="SquaredDistance"/> does to them.</summary>
internal unsafe interface IDoubleLanes<T> where T : unmanaged, IDoubleLanes<T>
{
    static abstract int Count { get; }

    static abstract T Broadcast(double value);

    static abstract T Load(double* source);

    /// <summary>sum + (a − b)², the square and the addition rounded once.</summary>
    static abstract T AddSquaredDifference(T a, T b, T sum);

    void Store(double* target);
}

internal readonly unsafe struct EightDoubles(Vector512<double> v) : IDoubleLanes<EightDoubles>
{
    private readonly Vector512<double> _v = v;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightDoubles Broadcast(double value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightDoubles Load(double* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EightDoubles AddSquaredDifference(EightDoubles a, EightDoubles b, EightDoubles sum)
    {
        var difference = a._v - b._v;
        return new(Vector512.FusedMultiplyAdd(difference, difference, sum._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* target) => _v.Store(target);
}

internal readonly unsafe struct FourDoubles(Vector256<double> v) : IDoubleLanes<FourDoubles>
{
    private readonly Vector256<double> _v = v;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourDoubles Broadcast(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourDoubles Load(double* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourDoubles AddSquaredDifference(FourDoubles a, FourDoubles b, FourDoubles sum)
    {
        var difference = a._v - b._v;
        return new(Vector256.FusedMultiplyAdd(difference, difference, sum._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* target) => _v.Store(target);
}

internal readonly unsafe struct TwoDoubles(Vector128<double> v) : IDoubleLanes<TwoDoubles>
{
    private readonly Vector128<double> _v = v;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoDoubles Broadcast(double value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoDoubles Load(double* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoDoubles AddSquaredDifference(TwoDoubles a, TwoDoubles b, TwoDoubles sum)
    {
        var difference = a._v - b._v;
        return new(Vector128.FusedMultiplyAdd(difference, difference, sum._v));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(double* target) => _v.Store(target);
}
