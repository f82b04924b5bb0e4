using System.Diagnostics;

namespace GenModels.Tests;

/// <summary>A run of tests/GenModels.SingleFile, where JSON serialization by reflection is disabled.</summary>
internal sealed class SingleFileProgram : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    public SingleFileProgram(params string[] arguments)
    {
        // It lies as deep as these tests' own output.
        string path = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory.Replace("GenModels.Tests", "GenModels.SingleFile", StringComparison.Ordinal), "GenModels.SingleFile.dll"));
        var start = new ProcessStartInfo("dotnet", [path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    public int Id => _process.Id;

    /// <summary>Waits for a line of output.</summary>
    public string? NextLine() => _process.StandardOutput.ReadLineAsync().WaitAsync(Limit).GetAwaiter().GetResult();

    /// <summary>Waits for the end.</summary>
    public (int Status, string[] Output, string Error) Finish()
    {
        var (output, error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        if (!_process.WaitForExit(Limit)) throw new TimeoutException("The program did not end.");
        return (_process.ExitCode, output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries), error.GetAwaiter().GetResult());
    }

    /// <summary>Kills the process, which has no say in it.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(Limit).Should().BeTrue();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
