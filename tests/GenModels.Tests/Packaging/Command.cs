using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace GenModels.Tests.Packaging;

/// <summary>A program that a test runs to its end, within a time limit.</summary>
internal static class Command
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "../../.."));

    /// <summary>Runs a program. The environment is the test's own but for the variables given, of which null removes one.</summary>
    public static (int Status, string Output, string Error) Run(
        string program, string folder, TimeSpan limit, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {limit}.");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private static string SourceFolder([CallerFilePath] string source = "") => Path.GetDirectoryName(source) ?? "";
}
