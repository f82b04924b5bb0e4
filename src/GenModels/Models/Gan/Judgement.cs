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

    private static unsafe Judgement OfLogits(ReadOnlySpan<float> logits)
    {
        double* sums = stackalloc double[5];
        fixed (float* values = logits) Passes.RunHere(new Pass(values, sums), logits.Length);
        int n = logits.Length;
        return new(sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, sums[4] / n);
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

    // Adds to sums in the order of the record's members, on one thread alone.
    private readonly unsafe struct Pass(float* logits, double* sums) : IPass
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public float Part<T>(long start, long end) where T : unmanaged, ILanes<T>
        {
            var (zero, one) = (T.Broadcast(0), T.Broadcast(1));
            var (mean, log, rest, above, below) = (zero, zero, zero, zero, zero);
            for (long i = start; i < end; i += T.Count)
            {
                var l = T.Load(logits + i);
                // The smaller of D and 1 − D, and how far the logarithm of the larger lies below 0.
                var depth = LaneMath.Softplus(zero - T.Abs(l), out var smaller);
                mean += T.SelectLess(l, zero, smaller, one - smaller);
                log += T.SelectLess(l, zero, l, zero) - depth;
                rest += T.SelectLess(zero, l, zero - l, zero) - depth;
                above += T.SelectLess(zero, l, one, zero);
                below += T.SelectLess(l, zero, one, zero);
            }
            sums[0] += T.Sum(mean);
            sums[1] += T.Sum(log);
            sums[2] += T.Sum(rest);
            sums[3] += T.Sum(above);
            sums[4] += T.Sum(below);
            return 0;
        }
    }
}
