using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>Σ f(l) over logits l and its gradient f′(l), for the terms f of the losses of a GAN.</summary>
internal static class LogitLoss
{
    /// <summary>The sum over every logit; <paramref name="gradient"/>, of the same length, receives the slopes times <paramref name="scale"/>.</summary>
    public static unsafe double SumAndGradient<TTerm>(TTerm term, ReadOnlySpan<float> logits, Span<float> gradient, double scale)
        where TTerm : struct, ILogitTerm
    {
        fixed (float* source = logits, target = gradient)
            return Passes.Run(new Pass<TTerm>(term, source, target, (float)scale), logits.Length);
    }

    private readonly unsafe struct Pass<TTerm>(TTerm term, float* logits, float* gradient, float scale) : IPass where TTerm : struct, ILogitTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public float Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            // A copy, which no store to the gradient can change, stays in registers.
            var f = term;
            var (sum, scales) = (T.Broadcast(0), T.Broadcast(scale));
            for (long i = start; i < end; i += T.Count)
            {
                sum += f.Loss(T.Load(logits + i), out var slope);
                (slope * scales).Store(gradient + i);
            }
            return T.Sum(sum);
        }
    }
}
