using System.Globalization;

namespace GenModels.Fuzz;

/// <summary>What became of damaged files.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Loaded">How many it accepted.</param>
/// <param name="Rejected">How many it rejected as documented.</param>
/// <param name="Failures">Everything else, with what repeats it.</param>
/// <param name="MostAllocated">The most bytes that .NET allocated for one file.</param>
/// <param name="MostGrown">The most bytes that the process's memory rose by for one file.</param>
/// <param name="Longest">The longest time for one file.</param>
public sealed record FuzzReport(
    string Target, int Loaded, int Rejected, IReadOnlyList<string> Failures, long MostAllocated, long MostGrown, TimeSpan Longest)
{
    private const double Kibi = 1024, Mebi = 1024 * Kibi;

    /// <summary>The figures on one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target,-14}{Loaded,8} loaded{Rejected,8} rejected{Failures.Count,5} failed   at most {MostAllocated / Kibi:F0} KiB of .NET, {MostGrown / Mebi:F1} MiB in all, {Longest.TotalMilliseconds:F1} ms");
}
