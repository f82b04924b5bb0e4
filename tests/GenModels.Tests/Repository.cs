using System.Runtime.CompilerServices;

namespace GenModels.Tests;

/// <summary>The repository that the tests were compiled in.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "../.."));

    private static string SourceFolder([CallerFilePath] string source = "") => Path.GetDirectoryName(source) ?? "";
}
