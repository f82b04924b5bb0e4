using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>One step of Adam on one parameter, in place: weights and both moments in a single pass.</summary>
internal static class AdamUpdate
{
    /// <summary>What a step needs besides the tensors. The bias corrections are folded in by <see cref="Optimization.Adam"/>.</summary>
    /// <remarks>
    /// The rests 1 − β are rounded once: 1 less the rounded β would be wrong by a part in 80,000 where β is 0.999, and every step with it.
    /// </remarks>
    internal readonly record struct Rates(
        float Beta1, float Rest1, float Beta2, float Rest2, float StepSize, float InverseRootCorrection2, float Epsilon, float WeightDecay);

    public static void Apply(Tensor weight, Tensor gradient, Tensor moment1, Tensor moment2, Rates rates)
    {
        if (TensorMemory.Fits(weight, gradient, moment1, moment2)) Fused(weight, gradient, moment1, moment2, rates);
        else Twin(weight, gradient, moment1, moment2, rates);
    }

    internal static unsafe void Fused(Tensor weight, Tensor gradient, Tensor moment1, Tensor moment2, Rates rates)
    {
        TensorMemory.RequireSameLength(weight, gradient, moment1, moment2);
        Passes.Run(
            new Pass(TensorMemory.Pointer(weight), TensorMemory.Pointer(gradient), TensorMemory.Pointer(moment1), TensorMemory.Pointer(moment2), rates),
            weight.numel());
        GC.KeepAlive(gradient);
    }

    internal static void Twin(Tensor weight, Tensor gradient, Tensor moment1, Tensor moment2, Rates rates)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var g = rates.WeightDecay == 0 ? gradient : gradient + rates.WeightDecay * weight;
        moment1.mul_(rates.Beta1).add_(g, rates.Rest1);
        moment2.mul_(rates.Beta2).addcmul_(g, g, rates.Rest2);
        var denominator = moment2.sqrt() * rates.InverseRootCorrection2 + rates.Epsilon;
        weight.addcdiv_(moment1, denominator, -rates.StepSize);
    }

    private readonly unsafe struct Pass(float* weight, float* gradient, float* moment1, float* moment2, Rates rates) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (beta1, beta2, rest1, rest2) = (T.Broadcast(rates.Beta1), T.Broadcast(rates.Beta2), T.Broadcast(rates.Rest1), T.Broadcast(rates.Rest2));
            var (step, correction, epsilon, decay) = (T.Broadcast(rates.StepSize), T.Broadcast(rates.InverseRootCorrection2), T.Broadcast(rates.Epsilon), T.Broadcast(rates.WeightDecay));
            for (long i = start; i < end; i += T.Count)
            {
                var w = T.Load(weight + i);
                var g = T.MultiplyAdd(decay, w, T.Load(gradient + i));
                var m = T.MultiplyAdd(rest1, g, beta1 * T.Load(moment1 + i));
                var v = T.MultiplyAdd(rest2 * g, g, beta2 * T.Load(moment2 + i));
                m.Store(moment1 + i);
                v.Store(moment2 + i);
                (w - step * m / T.MultiplyAdd(T.Sqrt(v), correction, epsilon)).Store(weight + i);
            }
        }
    }
}
