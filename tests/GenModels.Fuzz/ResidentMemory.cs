using System.Globalization;

namespace GenModels.Fuzz;

/// <summary>How far the process's memory rises while something runs, native memory included.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";
    private const string Clear = "/proc/self/clear_refs";
    private const string Peak = "VmHWM:";

    // Sets the peak to the present value (proc(5)).
    private const string ResetPeak = "5";

    private static readonly bool IsTold = CanReset();

    /// <summary>Starts anew, and gives the bytes in use; 0 where the system does not tell.</summary>
    public static long Start()
    {
        if (!IsTold) return 0;
        File.WriteAllText(Clear, ResetPeak);
        return PeakBytes();
    }

    /// <summary>The most bytes in use since <see cref="Start"/>; 0 where the system does not tell.</summary>
    public static long PeakBytes()
    {
        if (!IsTold) return 0;
        string line = File.ReadLines(Status).First(l => l.StartsWith(Peak, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Peak.Length).Trim().TrimEnd("kB").Trim(), CultureInfo.InvariantCulture);
    }

    private static bool CanReset()
    {
        try
        {
            if (!File.Exists(Status)) return false;
            File.WriteAllText(Clear, ResetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
