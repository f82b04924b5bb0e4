using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SystemTorch.Tests.SystemBinding;

/// <summary>What no call can show: that no function lets an exception through.</summary>
public partial class NativeSourceTests
{
    // They read what is there already.
    private static readonly string[] CannotThrow = ["st_error", "st_compiled_version"];

    [Fact]
    public void EveryFunctionCatchesWhatLibtorchThrows()
    {
        string source = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here()) ?? "", "../../../src/SystemTorch/native/systemtorch.cpp"));
        string exported = source[source.IndexOf("extern \"C\"", StringComparison.Ordinal)..];
        var functions = Function().Matches(exported);
        functions.Should().HaveCountGreaterThan(20);
        functions.Where(f => !f.Groups["guard"].Success).Select(f => f.Groups["name"].Value).Should().Equal(CannotThrow);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"^\w[^;{}]*\b(?<name>st_\w+)\([^{]*\{\s*(return\s+)?(?<guard>guarded<>\()?", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Function();
}
