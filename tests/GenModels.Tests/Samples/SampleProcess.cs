namespace GenModels.Tests.Samples;

/// <summary>Starts a sample as its users do.</summary>
internal static class SampleProcess
{
    // Of a run that hangs: on a machine that is busy with other work the longest takes five minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Where a sample's program lies.</summary>
    public static string PathOf(string sample)
    {
        // tests/GenModels.Tests/bin/<configuration>/<framework>/ lies as deep as the samples' own output.
        string output = AppContext.BaseDirectory.TrimEnd('/', '\\');
        string framework = Path.GetFileName(output), configuration = Path.GetFileName(Path.GetDirectoryName(output) ?? "");
        return Path.GetFullPath(Path.Combine(output, "../../../../../samples", sample, "bin", configuration, framework, $"{sample}.dll"));
    }

    public static ChildProcess Start(string sample, params string[] arguments) => ChildProcess.Start(Limit, "dotnet", [PathOf(sample), .. arguments]);

    /// <summary>Runs a sample to its end.</summary>
    public static (int Status, string Output, string Error) Run(string sample, params string[] arguments)
    {
        using var process = Start(sample, arguments);
        return process.Finish();
    }
}
