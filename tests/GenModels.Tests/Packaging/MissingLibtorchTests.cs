using System.Diagnostics;
using GenModels.Tests.Samples;

namespace GenModels.Tests.Packaging;

public sealed class MissingLibtorchTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"genmodels-{Guid.NewGuid()}");

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Without_libtorch_there_is_one_line_that_says_what_to_install()
    {
        string source = Path.GetDirectoryName(SampleProcess.PathOf("Vae")) ?? "";
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(f => !IsNative(f)))
        {
            string target = Path.Combine(_folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? "");
            File.Copy(file, target);
        }
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, "Vae.dll"), "--data", "digits", "--out", _folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // TorchSharp looks into the package folder as well.
        start.Environment["NUGET_PACKAGES"] = _folder;
        start.Environment["HOME"] = _folder;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(1);
        error.Should().StartWith("vae: libtorch could not be loaded.").And.Contain("TorchSharp-cpu").And.Contain("libtorch-dev");
        error.TrimEnd().Should().NotContain("\n");
    }

    private static bool IsNative(string path) =>
        Path.GetFileName(path).Contains("systemtorch.so", StringComparison.Ordinal) || Path.GetFileName(path).Contains("LibTorchSharp", StringComparison.Ordinal);
}
