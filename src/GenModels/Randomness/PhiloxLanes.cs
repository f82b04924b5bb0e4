using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GenModels.Randomness;

/// <summary>
/// A pack of 64-bit lanes, each of which holds a word of Philox in its lower half. What the upper half holds does not matter, since a product
/// takes the lower halves alone.
/// </summary>
internal unsafe interface IPhiloxLanes<T> where T : unmanaged, IPhiloxLanes<T>
{
    static abstract int Count { get; }

    /// <summary>0, 2, 4, …</summary>
    static abstract T EvenNumbers { get; }
    static abstract T Broadcast(uint word);
    static abstract T operator +(T a, T b);
    static abstract T operator ^(T a, T b);

    /// <summary>The 64-bit products of the lower halves.</summary>
    static abstract T Product(T a, T b);

    /// <summary>The upper halves, moved down.</summary>
    static abstract T High(T a);

    /// <summary>Stores words in turn: the first of <paramref name="even"/>, the first of <paramref name="odd"/>, the second of <paramref name="even"/>, …</summary>
    static abstract void Store(T even, T odd, uint* target);
}

internal readonly unsafe struct PhiloxLanes8(Vector512<ulong> v) : IPhiloxLanes<PhiloxLanes8>
{
    private const ulong LowerHalf = 0xFFFFFFFF;

    private readonly Vector512<ulong> _v = v;

    public static int Count => 8;
    public static PhiloxLanes8 EvenNumbers { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector512.Create(0UL, 2, 4, 6, 8, 10, 12, 14)); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes8 Broadcast(uint word) => new(Vector512.Create((ulong)word));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes8 operator +(PhiloxLanes8 a, PhiloxLanes8 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes8 operator ^(PhiloxLanes8 a, PhiloxLanes8 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxLanes8 Product(PhiloxLanes8 a, PhiloxLanes8 b)
    {
        if (Avx512F.IsSupported) return new(Avx512F.Multiply(a._v.AsUInt32(), b._v.AsUInt32()));
        var mask = Vector512.Create(LowerHalf);
        return new((a._v & mask) * (b._v & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes8 High(PhiloxLanes8 a) => new(a._v >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PhiloxLanes8 even, PhiloxLanes8 odd, uint* target) =>
        ((even._v & Vector512.Create(LowerHalf)) | (odd._v << 32)).AsUInt32().Store(target);
}

internal readonly unsafe struct PhiloxLanes4(Vector256<ulong> v) : IPhiloxLanes<PhiloxLanes4>
{
    private const ulong LowerHalf = 0xFFFFFFFF;

    private readonly Vector256<ulong> _v = v;

    public static int Count => 4;
    public static PhiloxLanes4 EvenNumbers { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector256.Create(0UL, 2, 4, 6)); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes4 Broadcast(uint word) => new(Vector256.Create((ulong)word));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes4 operator +(PhiloxLanes4 a, PhiloxLanes4 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes4 operator ^(PhiloxLanes4 a, PhiloxLanes4 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxLanes4 Product(PhiloxLanes4 a, PhiloxLanes4 b)
    {
        if (Avx2.IsSupported) return new(Avx2.Multiply(a._v.AsUInt32(), b._v.AsUInt32()));
        var mask = Vector256.Create(LowerHalf);
        return new((a._v & mask) * (b._v & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes4 High(PhiloxLanes4 a) => new(a._v >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PhiloxLanes4 even, PhiloxLanes4 odd, uint* target) =>
        ((even._v & Vector256.Create(LowerHalf)) | (odd._v << 32)).AsUInt32().Store(target);
}

internal readonly unsafe struct PhiloxLanes2(Vector128<ulong> v) : IPhiloxLanes<PhiloxLanes2>
{
    private const ulong LowerHalf = 0xFFFFFFFF;

    private readonly Vector128<ulong> _v = v;

    public static int Count => 2;
    public static PhiloxLanes2 EvenNumbers { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector128.Create(0UL, 2)); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes2 Broadcast(uint word) => new(Vector128.Create((ulong)word));
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes2 operator +(PhiloxLanes2 a, PhiloxLanes2 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes2 operator ^(PhiloxLanes2 a, PhiloxLanes2 b) => new(a._v ^ b._v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxLanes2 Product(PhiloxLanes2 a, PhiloxLanes2 b)
    {
        if (Sse2.IsSupported) return new(Sse2.Multiply(a._v.AsUInt32(), b._v.AsUInt32()));
        if (AdvSimd.IsSupported)
            return new(AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(a._v), AdvSimd.ExtractNarrowingLower(b._v)));
        var mask = Vector128.Create(LowerHalf);
        return new((a._v & mask) * (b._v & mask));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static PhiloxLanes2 High(PhiloxLanes2 a) => new(a._v >>> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PhiloxLanes2 even, PhiloxLanes2 odd, uint* target) =>
        ((even._v & Vector128.Create(LowerHalf)) | (odd._v << 32)).AsUInt32().Store(target);
}
