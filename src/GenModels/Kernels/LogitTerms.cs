using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>What one logit adds to a loss. A NaN gives a loss of NaN.</summary>
internal interface ILogitTerm
{
    T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>;
}

/// <summary>−t·log σ(l) − (1 − t)·log(1 − σ(l)) for the target t.</summary>
/// <param name="rest">1 − t.</param>
internal readonly struct RealTerm(float rest) : ILogitTerm
{
    // softplus(l) − t·l = softplus(−l) + (1 − t)·l and σ(l) − t = (1 − t) − σ(−l), which for t = 1 lose nothing where l is large.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        var rests = T.Broadcast(rest);
        var softplus = LaneMath.Softplus(T.Broadcast(0) - logit, out var sigmoid);
        slope = rests - sigmoid;
        return T.MultiplyAdd(rests, logit, softplus);
    }
}

/// <summary>−log(1 − σ(l)) = softplus(l).</summary>
internal readonly struct GeneratedTerm : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T> => LaneMath.Softplus(logit, out slope);
}

/// <summary>log(1 − σ(l)) = −softplus(l).</summary>
internal readonly struct SaturatingTerm : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        var softplus = LaneMath.Softplus(logit, out var sigmoid);
        slope = T.Broadcast(0) - sigmoid;
        return T.Broadcast(0) - softplus;
    }
}

/// <summary>−log σ(l) = softplus(−l).</summary>
internal readonly struct NonSaturatingTerm : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        var softplus = LaneMath.Softplus(T.Broadcast(0) - logit, out var sigmoid);
        slope = T.Broadcast(0) - sigmoid;
        return softplus;
    }
}

/// <summary>½(l − t)² for the target t.</summary>
internal readonly struct LeastSquaresTerm(float target) : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        slope = logit - T.Broadcast(target);
        return T.Broadcast(0.5f) * slope * slope;
    }
}

/// <summary>l times the sign.</summary>
internal readonly struct LinearTerm(float sign) : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        slope = T.Broadcast(sign);
        return slope * logit;
    }
}

/// <summary>max(0, 1 + l) for the sign 1, max(0, 1 − l) for the sign −1.</summary>
internal readonly struct HingeTerm(float sign) : ILogitTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Loss<T>(T logit, out T slope) where T : unmanaged, ILanes<T>
    {
        var (zero, one, signs) = (T.Broadcast(0), T.Broadcast(1), T.Broadcast(sign));
        var margin = T.MultiplyAdd(signs, logit, one);
        slope = T.SelectLess(zero, margin, signs, zero);
        // A maximum could hide a NaN.
        return T.SelectLess(margin, zero, zero, margin);
    }
}
