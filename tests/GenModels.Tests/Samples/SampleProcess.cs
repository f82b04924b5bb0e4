using System.Diagnostics;

namespace GenModels.Tests.Samples;

/// <summary>A run of a sample as its users start it.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly Process _process;

    private SampleProcess(Process process) => _process = process;

    /// <summary>Where a sample's program lies.</summary>
    public static string PathOf(string sample)
    {
        // tests/GenModels.Tests/bin/<configuration>/<framework>/ lies as deep as the samples' own output.
        string output = AppContext.BaseDirectory.TrimEnd('/', '\\');
        string framework = Path.GetFileName(output), configuration = Path.GetFileName(Path.GetDirectoryName(output) ?? "");
        return Path.GetFullPath(Path.Combine(output, "../../../../../samples", sample, "bin", configuration, framework, $"{sample}.dll"));
    }

    public static SampleProcess Start(string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new SampleProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>Waits for the first line of output.</summary>
    public string? FirstLine() => _process.StandardOutput.ReadLine();

    /// <summary>Sends a signal, such as INT.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits, and tells whether the process has ended by then.</summary>
    public bool HasEndedWithin(TimeSpan time) => _process.WaitForExit(time);

    /// <summary>Kills the process, which has no say in it, unless it has ended before.</summary>
    /// <returns>Whether it was killed.</returns>
    public bool KillAfter(TimeSpan time)
    {
        if (_process.WaitForExit(time)) return false;
        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    public (int Status, string Output, string Error) Finish()
    {
        var error = _process.StandardError.ReadToEndAsync();
        string output = _process.StandardOutput.ReadToEnd();
        if (!_process.WaitForExit(Limit)) throw new TimeoutException("The sample did not end.");
        return (_process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
