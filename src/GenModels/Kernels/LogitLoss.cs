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
            return Passes.Sum(new Pass<TTerm>(term, source, target, (float)scale), logits.Length);
    }

    private readonly unsafe struct Pass<TTerm>(TTerm term, float* logits, float* gradient, float scale) : ISum where TTerm : struct, ILogitTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T>
        {
            sum += term.Loss(T.Load(logits + i), out var slope);
            (slope * T.Broadcast(scale)).Store(gradient + i);
            return sum;
        }
    }
}
