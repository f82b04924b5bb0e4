namespace GenModels.Tests;

/// <summary>A run of tests/GenModels.SingleFile, where JSON serialization by reflection is disabled.</summary>
internal sealed class SingleFileProgram(params string[] arguments) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly ChildProcess _process = ChildProcess.Start(Limit, "dotnet", [Program, .. arguments]);

    public int Id => _process.Id;

    // It lies as deep as these tests' own output.
    private static string Program => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace("GenModels.Tests", "GenModels.SingleFile", StringComparison.Ordinal), "GenModels.SingleFile.dll"));

    /// <summary>Waits for a line of output.</summary>
    public string? NextLine() => _process.ReadLine();

    /// <summary>Waits for the end.</summary>
    public (int Status, string[] Output, string Error) Finish()
    {
        var (status, output, error) = _process.Finish();
        return (status, output.Split('\n', StringSplitOptions.RemoveEmptyEntries), error);
    }

    /// <summary>Kills the process, which has no say in it.</summary>
    public void Kill() => _process.KillAfter(TimeSpan.Zero).Should().BeTrue();

    public void Dispose() => _process.Dispose();
}
