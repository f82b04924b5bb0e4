using System.Runtime.CompilerServices;
using GenModels.Kernels;

namespace GenModels;

/// <summary>What a discriminator's logits for one side, real or generated, mean; null where they mean nothing under the objective.</summary>
/// <param name="Mean">The mean of D.</param>
/// <param name="MeanLog">The mean of log D, in nats.</param>
/// <param name="MeanLogRest">The mean of log(1 − D), in nats.</param>
/// <param name="PartAbove">The share that is taken for real.</param>
/// <param name="PartBelow">The share that is taken for generated.</param>
internal readonly record struct Judgement(double? Mean, double? MeanLog, double? MeanLogRest, double? PartAbove, double? PartBelow)
{
    public static Judgement Of(GanObjective objective, ReadOnlySpan<float> logits) => objective switch
    {
        // Logits without a zero, of which only differences count.
        GanObjective.Wasserstein => default,
        // Logits whose sign is the answer, and whose size is a margin.
        GanObjective.Hinge => OfLogits(logits) with { Mean = null, MeanLog = null, MeanLogRest = null },
        // Not logits but estimates of the probability itself, which may be 0 or 1.
        GanObjective.LeastSquares => OfProbabilities(logits),
        _ => OfLogits(logits),
    };

    private static Judgement OfLogits(ReadOnlySpan<float> logits) => new(
        MeanOf<Probability>(logits), MeanOf<Log>(logits), MeanOf<LogRest>(logits), MeanOf<Above>(logits), MeanOf<Below>(logits));

    private static unsafe double MeanOf<TFigure>(ReadOnlySpan<float> logits) where TFigure : struct, IFigure
    {
        fixed (float* values = logits) return Passes.SumHere(new FigureSum<TFigure>(values), logits.Length) / logits.Length;
    }

    private static Judgement OfProbabilities(ReadOnlySpan<float> values)
    {
        double mean = 0, above = 0, below = 0;
        foreach (float value in values)
        {
            mean += Math.Clamp(value, 0, 1);
            if (value > 0.5) above++;
            if (value < 0.5) below++;
        }
        int n = values.Length;
        return new(mean / n, null, null, above / n, below / n);
    }

    /// <summary>What one logit says.</summary>
    private interface IFigure
    {
        static abstract T Of<T>(T logit) where T : unmanaged, ILanes<T>;
    }

    private readonly struct Probability : IFigure
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T logit) where T : unmanaged, ILanes<T>
        {
            LaneMath.Softplus(logit, out var probability);
            return probability;
        }
    }

    private readonly struct Log : IFigure
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T logit) where T : unmanaged, ILanes<T> => T.Broadcast(0) - LaneMath.Softplus(T.Broadcast(0) - logit, out _);
    }

    private readonly struct LogRest : IFigure
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Of<T>(T logit) where T : unmanaged, ILanes<T> => T.Broadcast(0) - LaneMath.Softplus(logit, out _);
    }

    private readonly struct Above : IFigure
    {
        public static T Of<T>(T logit) where T : unmanaged, ILanes<T> => T.SelectLess(T.Broadcast(0), logit, T.Broadcast(1), T.Broadcast(0));
    }

    private readonly struct Below : IFigure
    {
        public static T Of<T>(T logit) where T : unmanaged, ILanes<T> => T.SelectLess(logit, T.Broadcast(0), T.Broadcast(1), T.Broadcast(0));
    }

    private readonly unsafe struct FigureSum<TFigure>(float* logits) : ISum where TFigure : struct, IFigure
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Add<T>(T sum, long i) where T : unmanaged, ILanes<T> => sum + TFigure.Of(T.Load(logits + i));
    }
}
