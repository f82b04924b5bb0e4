namespace GenModels.Tests.Packaging;

/// <summary>Holds what build.sh tells of TorchSharp's native library against what loaders say of it.</summary>
public sealed class NativeObstacleTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly string Script = Path.Combine(Repository.Root, "eng/native-obstacle.sh");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("libstdc++.so.6 => RUNTIME (0x00007f)", "")]
    [InlineData("libtorch.so => not found\n libstdc++.so.6 => RUNTIME (0x00007f)", "")]
    [InlineData(
        "lib.so: RUNTIME: version `GLIBCXX_3.4.32' not found (required by lib.so)\n libstdc++.so.6 => RUNTIME (0x00007f)",
        "TorchSharp's native library needs GLIBCXX_3.4.32 and this machine's C++ runtime has up to GLIBCXX_3.4.30")]
    [InlineData(
        "lib.so: RUNTIME: version `GLIBCXX_3.4.32' not found (required by lib.so)\nlib.so: RUNTIME: version `GLIBCXX_3.4.9' not found (required by lib.so)\n" +
        " libstdc++.so.6 => RUNTIME (0x00007f)",
        "TorchSharp's native library needs GLIBCXX_3.4.32 and this machine's C++ runtime has up to GLIBCXX_3.4.30")]
    [InlineData(
        "lib.so: /lib/libc.so.6: version `GLIBC_2.34' not found (required by lib.so)\n libstdc++.so.6 => RUNTIME (0x00007f)",
        "TorchSharp's native library needs GLIBC_2.34 and this machine's runtime libraries are older")]
    [InlineData("libstdc++.so.6 => not found", "TorchSharp's native library needs libstdc++.so.6 and this machine has none")]
    [InlineData("/lib/ld-musl-x86_64.so.1 (0x7f)\nError loading shared library libstdc++.so.6", "TorchSharp's native library is for glibc and this machine has musl")]
    public void What_stands_in_the_way_is_told_in_one_line_and_nothing_otherwise(string loader, string obstacle)
    {
        if (!OperatingSystem.IsLinux()) return;
        // As in a library, where other text surrounds the versions.
        File.WriteAllText(_folder["runtime"], "\0GLIBCXX_3.4\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_TUNABLES\0GLIBCXX_3.4.29\0");
        File.WriteAllText(_folder["loader"], loader.Replace("RUNTIME", _folder["runtime"], StringComparison.Ordinal) + "\n");
        File.WriteAllText(_folder["ldd"], $"#!/bin/sh\ncat '{_folder["loader"]}'\nexit 1\n");
        File.SetUnixFileMode(_folder["ldd"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var (status, output, error) = ChildProcess.Run(
            Limit, "bash", [Script, "lib.so"], start => start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}");
        error.Should().BeEmpty();
        status.Should().Be(0);
        output.TrimEnd().Should().Be(obstacle);
    }

    [Fact]
    public void The_library_of_the_binding_in_use_meets_none()
    {
        if (!OperatingSystem.IsLinux()) return;
        var (_, output, _) = ChildProcess.Run(Limit, "bash", [Script, NativeLibraryFile.Path]);
        output.Should().BeEmpty();
    }
}
