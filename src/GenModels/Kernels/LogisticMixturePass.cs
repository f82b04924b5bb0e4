using System.Runtime.CompilerServices;

namespace GenModels.Kernels;

/// <summary>The pixels of rows under mixtures of discretized logistic distributions: adds log p to the sums and, where one is wanted, stores the gradient.</summary>
/// <param name="y">Parameters, planes of pixels.</param>
/// <param name="x">Values k/255, channels of pixels.</param>
/// <param name="weights">For each row what −log p is multiplied with in the gradient.</param>
/// <param name="gradient">Receives the gradient by y; null where none is wanted.</param>
/// <param name="sums">For each row.</param>
/// <param name="layout">Where the parameters stand.</param>
/// <param name="pixels">In a row.</param>
/// <param name="group">How many rows of y share a row of x.</param>
internal readonly unsafe struct LogisticMixturePass(
    float* y, float* x, float* weights, float* gradient, double* sums, MixtureLayout layout, long pixels, long group) : ITilePass
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public void Tile<T>(long row, long endRow, long column, long endColumn) where T : unmanaged, ILanes<T>
    {
        float* joint = stackalloc float[layout.Components * T.Count];
        float* lanes = stackalloc float[LaneSum.Lanes];
        int step = LaneSum.Step<T>();
        for (; row < endRow; row++)
        {
            float* parameters = y + row * layout.Planes * pixels, levels = x + row / group * layout.Channels * pixels;
            float* slopes = gradient == null ? null : gradient + row * layout.Planes * pixels;
            new Span<float>(lanes, step).Clear();
            for (long c = column; c < endColumn; c += T.Count)
            {
                for (int i = 0; i < layout.Components; i++)
                    Component<T>(i, parameters + c, levels + c, slopes == null ? null : slopes + c).Store(joint + i * T.Count);
                T mixed = LogSum<T>(joint, T.Count), all = LogSum<T>(parameters + c, pixels);
                if (slopes != null) Weigh(parameters + c, joint, mixed, all, T.Broadcast(weights[row]), slopes + c);
                float* lane = lanes + (c - column) % step;
                (T.Load(lane) + (mixed - all)).Store(lane);
            }
            for (int i = 0; i < step; i++) sums[row] += lanes[i];
        }
    }

    /// <summary>A component's logit plus the log-probabilities that it gives the channels, whose slopes by its parameters are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private T Component<T>(int i, float* parameters, float* levels, float* slopes) where T : unmanaged, ILanes<T>
    {
        var red = Level<T>(levels);
        var sum = T.Load(parameters + i * pixels) + Channel(0, i, red, T.Broadcast(0), parameters, slopes, out _);
        if (layout.Channels == 1) return sum;

        T green = Level<T>(levels + pixels), blue = Level<T>(levels + 2 * pixels);
        T ofRed = Coefficient<T>(0, i, parameters), ofRedInBlue = Coefficient<T>(1, i, parameters), ofGreen = Coefficient<T>(2, i, parameters);
        sum += Channel(1, i, green, ofRed * red, parameters, slopes, out var byGreen);
        sum += Channel(2, i, blue, T.MultiplyAdd(ofRedInBlue, red, ofGreen * green), parameters, slopes, out var byBlue);
        if (slopes == null) return sum;
        StoreCoefficient(0, i, ofRed, byGreen * red, slopes);
        StoreCoefficient(1, i, ofRedInBlue, byBlue * red, slopes);
        StoreCoefficient(2, i, ofGreen, byBlue * green, slopes);
        return sum;
    }

    // A method of its own, since the compiler gives up inlining the operators of packs where a method has too many.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private T Channel<T>(int channel, int i, T level, T shift, float* parameters, float* slopes, out T byMean) where T : unmanaged, ILanes<T>
    {
        long mean = (layout.Means(channel) + i) * pixels, logScale = mean + layout.Components * pixels;
        var log = DiscretizedLogistic.Log(level, T.Load(parameters + mean) + shift, T.Load(parameters + logScale), out byMean, out var byLogScale);
        if (slopes == null) return log;
        byMean.Store(slopes + mean);
        byLogScale.Store(slopes + logScale);
        return log;
    }

    /// <summary>The value as a level in [−1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Level<T>(float* value) where T : unmanaged, ILanes<T> => T.MultiplyAdd(T.Broadcast(2), T.Load(value), T.Broadcast(-1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Coefficient<T>(int index, int i, float* parameters) where T : unmanaged, ILanes<T>
    {
        var value = T.Load(parameters + Place(index, i));
        // What is no number stays none.
        return T.MultiplyAdd(T.Broadcast(0), value, LaneMath.Tanh(value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StoreCoefficient<T>(int index, int i, T coefficient, T slope, float* slopes) where T : unmanaged, ILanes<T> =>
        (slope * (T.Broadcast(1) - coefficient * coefficient)).Store(slopes + Place(index, i));

    /// <summary>Where one of the three coefficients of a component stands: that of red in green, of red in blue, and of green in blue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Place(int index, int i) => (layout.Means(index) + 2 * layout.Components + i) * pixels;

    /// <summary>log Σ eᵛ over the components.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private T LogSum<T>(float* values, long stride) where T : unmanaged, ILanes<T>
    {
        var greatest = T.Load(values);
        for (int i = 1; i < layout.Components; i++) greatest = T.Max(greatest, T.Load(values + i * stride));
        var sum = T.Broadcast(0);
        for (int i = 0; i < layout.Components; i++)
        {
            var value = T.Load(values + i * stride);
            // As above.
            sum += T.MultiplyAdd(T.Broadcast(0), value, LaneMath.Exp(value - greatest));
        }
        return greatest + LaneMath.Log(sum) + T.Broadcast(0) * sum;
    }

    /// <summary>
    /// Makes the gradient of −v·log p of the slopes: with the responsibility r of a component, (π − r)·v by its logit, and −r·v times the slope by
    /// any other parameter of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Weigh<T>(float* parameters, float* joint, T mixed, T all, T weight, float* slopes) where T : unmanaged, ILanes<T>
    {
        for (int i = 0; i < layout.Components; i++)
        {
            var responsibility = LaneMath.Exp(T.Load(joint + i * T.Count) - mixed) * weight;
            var share = LaneMath.Exp(T.Load(parameters + i * pixels) - all) * weight;
            (share - responsibility).Store(slopes + i * pixels);
            var factor = T.Broadcast(0) - responsibility;
            for (float* slope = slopes + (layout.Components + i) * pixels; slope < slopes + layout.Planes * pixels; slope += layout.Components * pixels)
                (T.Load(slope) * factor).Store(slope);
        }
    }
}
