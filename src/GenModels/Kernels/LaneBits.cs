using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GenModels.Kernels;

// The bits of a pack's floats as 32-bit words: what random numbers and functions that take floats apart work on.
internal unsafe partial interface ILanes<T>
{
    /// <summary>The float whose bits are <paramref name="word"/>, in every lane.</summary>
    static abstract T BroadcastBits(uint word);
    static abstract T operator &(T a, T b);
    static abstract T operator ^(T a, T b);

    /// <summary>The words' sums modulo 2³².</summary>
    static abstract T AddWords(T a, T b);
    static abstract T ShiftLeft(T words, int bits);

    /// <summary>Shifts in zeros.</summary>
    static abstract T ShiftRight(T words, int bits);

    /// <summary>Shifts in the sign bit.</summary>
    static abstract T ShiftRightSigned(T words, int bits);

    /// <summary>The floats nearest to the words, taken as signed.</summary>
    static abstract T ToSingle(T words);
}

internal readonly unsafe partial struct Lanes16
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 BroadcastBits(uint word) => new(Vector512.Create(word).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator &(Lanes16 a, Lanes16 b) => new(a._v & b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 operator ^(Lanes16 a, Lanes16 b) => new(a._v ^ b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 AddWords(Lanes16 a, Lanes16 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 ShiftLeft(Lanes16 words, int bits) => new((words._v.AsInt32() << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 ShiftRight(Lanes16 words, int bits) => new((words._v.AsInt32() >>> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 ShiftRightSigned(Lanes16 words, int bits) => new((words._v.AsInt32() >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes16 ToSingle(Lanes16 words) => new(Vector512.ConvertToSingle(words._v.AsInt32()));
}

internal readonly unsafe partial struct Lanes8
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 BroadcastBits(uint word) => new(Vector256.Create(word).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator &(Lanes8 a, Lanes8 b) => new(a._v & b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 operator ^(Lanes8 a, Lanes8 b) => new(a._v ^ b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 AddWords(Lanes8 a, Lanes8 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 ShiftLeft(Lanes8 words, int bits) => new((words._v.AsInt32() << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 ShiftRight(Lanes8 words, int bits) => new((words._v.AsInt32() >>> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 ShiftRightSigned(Lanes8 words, int bits) => new((words._v.AsInt32() >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes8 ToSingle(Lanes8 words) => new(Vector256.ConvertToSingle(words._v.AsInt32()));
}

internal readonly unsafe partial struct Lanes4
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 BroadcastBits(uint word) => new(Vector128.Create(word).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator &(Lanes4 a, Lanes4 b) => new(a._v & b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 operator ^(Lanes4 a, Lanes4 b) => new(a._v ^ b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 AddWords(Lanes4 a, Lanes4 b) => new((a._v.AsInt32() + b._v.AsInt32()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 ShiftLeft(Lanes4 words, int bits) => new((words._v.AsInt32() << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 ShiftRight(Lanes4 words, int bits) => new((words._v.AsInt32() >>> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 ShiftRightSigned(Lanes4 words, int bits) => new((words._v.AsInt32() >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)] public static Lanes4 ToSingle(Lanes4 words) => new(Vector128.ConvertToSingle(words._v.AsInt32()));
}

internal readonly unsafe partial struct Lanes1
{
    private int Bits => BitConverter.SingleToInt32Bits(_v);

    public static Lanes1 BroadcastBits(uint word) => OfBits((int)word);
    public static Lanes1 operator &(Lanes1 a, Lanes1 b) => OfBits(a.Bits & b.Bits);
    public static Lanes1 operator ^(Lanes1 a, Lanes1 b) => OfBits(a.Bits ^ b.Bits);
    public static Lanes1 AddWords(Lanes1 a, Lanes1 b) => OfBits(a.Bits + b.Bits);
    public static Lanes1 ShiftLeft(Lanes1 words, int bits) => OfBits(words.Bits << bits);
    public static Lanes1 ShiftRight(Lanes1 words, int bits) => OfBits(words.Bits >>> bits);
    public static Lanes1 ShiftRightSigned(Lanes1 words, int bits) => OfBits(words.Bits >> bits);
    public static Lanes1 ToSingle(Lanes1 words) => new(words.Bits);
    private static Lanes1 OfBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));
}
