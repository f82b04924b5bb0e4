using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace GenModels.Kernels;

/// <summary>One step of gradient descent with momentum on one parameter, in place: weights and velocity in a single pass.</summary>
internal static class MomentumUpdate
{
    /// <summary>What a step needs besides the tensors.</summary>
    internal readonly record struct Rates(float Momentum, float LearningRate, float WeightDecay);

    public static void Apply(Tensor weight, Tensor gradient, Tensor velocity, Rates rates)
    {
        if (TensorMemory.Fits(weight, gradient, velocity)) Fused(weight, gradient, velocity, rates);
        else Twin(weight, gradient, velocity, rates);
    }

    internal static unsafe void Fused(Tensor weight, Tensor gradient, Tensor velocity, Rates rates)
    {
        TensorMemory.RequireSameLength(weight, gradient, velocity);
        Passes.Run(new Pass(TensorMemory.Pointer(weight), TensorMemory.Pointer(gradient), TensorMemory.Pointer(velocity), rates), weight.numel());
        GC.KeepAlive(gradient);
    }

    internal static void Twin(Tensor weight, Tensor gradient, Tensor velocity, Rates rates)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var g = rates.WeightDecay == 0 ? gradient : gradient + rates.WeightDecay * weight;
        velocity.mul_(rates.Momentum).add_(g, -rates.LearningRate);
        weight.add_(velocity);
    }

    private readonly unsafe struct Pass(float* weight, float* gradient, float* velocity, Rates rates) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public void Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (momentum, rate, decay) = (T.Broadcast(rates.Momentum), T.Broadcast(-rates.LearningRate), T.Broadcast(rates.WeightDecay));
            for (long i = start; i < end; i += T.Count)
            {
                var w = T.Load(weight + i);
                var g = T.MultiplyAdd(decay, w, T.Load(gradient + i));
                var v = T.MultiplyAdd(rate, g, momentum * T.Load(velocity + i));
                v.Store(velocity + i);
                (w + v).Store(weight + i);
            }
        }
    }
}
