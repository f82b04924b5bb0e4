using System.Diagnostics;

namespace GenModels.Training;

/// <summary>Tells when a run ends. The clock for <see cref="FitOptions.MaxDuration"/> starts when this is made.</summary>
internal sealed class RunLimits(FitOptions options, BestWeights? best)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Why a run ends now; null where it goes on.</summary>
    /// <param name="epochs">How many epochs have been completed.</param>
    /// <param name="steps">How many steps have been taken.</param>
    public StopReason? Reached(int epochs, long steps)
    {
        if (epochs >= options.Epochs) return StopReason.Completed;
        if (best is not null && best.IsExhausted(epochs)) return StopReason.EarlyStopping;
        if (steps >= options.MaxSteps) return StopReason.MaxSteps;
        return _clock.Elapsed >= options.MaxDuration ? StopReason.MaxDuration : null;
    }
}
