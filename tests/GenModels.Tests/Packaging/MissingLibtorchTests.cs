namespace GenModels.Tests.Packaging;

public sealed class MissingLibtorchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_libtorch_there_is_one_line_that_says_what_to_install()
    {
        SampleCopy.Make("Vae", _folder["vae"]);
        // TorchSharp looks into the package folder as well.
        var (status, _, error) = Vae(new Dictionary<string, string?> { ["NUGET_PACKAGES"] = _folder.Path, ["HOME"] = _folder.Path });
        status.Should().Be(1);
        error.Should().StartWith("vae: libtorch could not be loaded.").And.Contain("TorchSharp-cpu").And.Contain("libtorch-dev");
        error.TrimEnd().Should().NotContain("\n");
    }

    [Fact]
    public void With_a_runtime_library_too_old_for_TorchSharp_there_is_one_line_and_nothing_is_copied()
    {
        if (!OperatingSystem.IsLinux() || !NativeLibraryFile.IsTorchSharps) return;
        foreach (string library in SampleCopy.Make("Vae", _folder["vae"]))
        {
            string target = _folder["vae", Path.GetFileName(library)];
            if (Path.GetFileName(library) == Path.GetFileName(NativeLibraryFile.Path)) NativeLibraryFile.CopyThatNeedsAnUnknownVersion(target);
            else File.CreateSymbolicLink(target, library);
        }
        var (status, output, error) = Vae(new Dictionary<string, string?>());
        status.Should().Be(1);
        error.Should().StartWith("vae: libtorch could not be loaded: TorchSharp's native library needs GLIBCXX_3.4.99,");
        error.TrimEnd().Should().NotContain("\n");
        output.Should().BeEmpty();
        Directory.Exists(_folder["vae", "cpu"]).Should().BeFalse();
    }

    private (int Status, string Output, string Error) Vae(IReadOnlyDictionary<string, string?> environment) => Command.Run(
        "dotnet", _folder.Path, TimeSpan.FromMinutes(2), environment, _folder["vae", "Vae.dll"], "--data", "digits", "--out", _folder["out"]);
}
