using System.Diagnostics;
using TorchSharp;

namespace GenModels.Fuzz;

/// <summary>Damages a target's file again and again, each time in a way that seed and index decide, and reads it.</summary>
public sealed class FuzzRunner : IDisposable
{
    private const long ManagedConstant = 2L << 20;
    // The runtime's own memory comes and goes in steps.
    private const long ResidentConstant = 192L << 20;

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("genmodels-fuzz-").FullName, "damaged");
    private readonly Stopwatch _watch = new();

    /// <summary>The case that is being read, as the command line that repeats it.</summary>
    public string Current { get; private set; } = "";

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Reads so many damaged files.</summary>
    /// <exception cref="InvalidOperationException">The reader does not accept the file before it is damaged.</exception>
    public FuzzReport Run(FuzzTarget target, int seed, int first, int count)
    {
        WarmUp(target);
        var report = new FuzzReport(target.Name, 0, 0, [], 0, 0, TimeSpan.Zero);
        for (int index = first; index < first + count; index++)
        {
            byte[] content = Damaged(target, seed, index);
            Current = $"--target {target.Name} --seed {seed} --index {index}";
            var outcome = Read(target, content);
            bool rejected = outcome.Error is not null && target.Rejections.Contains(outcome.Error.GetType());
            report = report with
            {
                Loaded = report.Loaded + (outcome.Error is null ? 1 : 0),
                Rejected = report.Rejected + (rejected ? 1 : 0),
                MostAllocated = Math.Max(report.MostAllocated, outcome.Allocated),
                MostGrown = Math.Max(report.MostGrown, outcome.Grown),
                Longest = outcome.Time > report.Longest ? outcome.Time : report.Longest,
            };
            if (Failure(target, content.Length, outcome, rejected) is { } failure)
                report = report with { Failures = [.. report.Failures, $"{Current}: {failure}"] };
        }
        return report;
    }

    /// <summary>The file that seed and index decide.</summary>
    public static byte[] Damaged(FuzzTarget target, int seed, int index)
    {
        var random = new Random(unchecked(seed * 1_000_003 + index));
        return target.Pack(Damage.Apply(target.Content, target.Kind, random));
    }

    /// <summary>Deletes what was written.</summary>
    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path) ?? _path, recursive: true);

    private static string? Failure(FuzzTarget target, int length, Outcome outcome, bool rejected)
    {
        long allowed = (long)target.MemoryPerByte * length;
        if (outcome.Error is { } error && !rejected) return error.ToString();
        if (outcome.Time > target.Patience) return $"It took longer than {target.Patience}.";
        if (outcome.Allocated > ManagedConstant + allowed) return $".NET allocated {outcome.Allocated} bytes for a file of {length}.";
        if (outcome.Grown > ResidentConstant + allowed) return $"The process grew by {outcome.Grown} bytes for a file of {length}.";
        return null;
    }

    private void WarmUp(FuzzTarget target)
    {
        if (Read(target, target.Pack(target.Content)).Error is { } error)
            throw new InvalidOperationException($"The reader of {target.Name} does not accept the file before it is damaged.", error);
    }

    private Outcome Read(FuzzTarget target, byte[] content)
    {
        File.WriteAllBytes(_path, content);
        using var scope = torch.NewDisposeScope();
        Exception? error = null;
        long resident = ResidentMemory.Start();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        _watch.Restart();
        try
        {
            target.Read(_path);
        }
        catch (Exception e)
        {
            error = e;
        }
        _watch.Stop();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Outcome(error, allocated, ResidentMemory.PeakBytes() - resident, _watch.Elapsed);
    }

    private sealed record Outcome(Exception? Error, long Allocated, long Grown, TimeSpan Time);
}
