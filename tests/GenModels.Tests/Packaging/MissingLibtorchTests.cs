namespace GenModels.Tests.Packaging;

public sealed class MissingLibtorchTests : IDisposable
{
    private const string Binding = "libsystemtorch.so";

    // Says that it was compiled for another libtorch than the one it finds. It has nothing else, so that any other call would be an error of its own.
    private const string Stranger = """
        extern "C" const char* st_compiled_version() { return "1.13.1"; }
        extern "C" const char* st_loaded_version() { return "2.6.0"; }
        """;

    // Needs something that no libtorch has, as a binding does that was compiled for a much older one.
    private const string Outdated = """
        extern const char* gone_since;
        extern "C" const char* st_compiled_version() { return gone_since; }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_libtorch_a_program_says_what_to_install_in_one_line()
    {
        SampleCopy.Make("Vae", _folder["vae"]);
        // TorchSharp looks into the package folder as well.
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded.").And.Contain("TorchSharp-cpu").And.Contain("libtorch-dev");
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
        var (output, error) = RunSample(hidesPackages: false);
        error.Should().StartWith("vae: libtorch could not be loaded: TorchSharp's native library needs GLIBCXX_3.4.99,");
        output.Should().BeEmpty("TorchSharp's trace is for the one who wrote it");
        Directory.Exists(_folder["vae", "cpu"]).Should().BeFalse();
    }

    [Fact]
    public void A_libtorch_that_the_binding_needs_and_does_not_find_is_named()
    {
        if (NativeLibraryFile.IsTorchSharps) return;
        SampleCopy.Make("Vae", _folder["vae"]);
        Compile("libtorch_none.so", "");
        Compile(Binding, "", "-Wl,--no-as-needed", "-L.", "-ltorch_none");
        File.Delete(_folder["vae", "libtorch_none.so"]);
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded: libtorch_none.so: ").And.Contain("libtorch-dev");
    }

    [Fact]
    public void Another_libtorch_than_the_binding_was_compiled_for_is_an_error_before_anything_else()
    {
        if (NativeLibraryFile.IsTorchSharps) return;
        SampleCopy.Make("Vae", _folder["vae"]);
        Compile(Binding, Stranger);
        ErrorOfSample().Should().Be(
            "vae: libtorch could not be loaded: this program was compiled for libtorch 1.13.1, and this machine has libtorch 2.6.0; build it again here.");
    }

    [Fact]
    public void A_libtorch_that_lacks_what_the_binding_needs_is_told_as_another_version()
    {
        if (NativeLibraryFile.IsTorchSharps) return;
        SampleCopy.Make("Vae", _folder["vae"]);
        Compile(Binding, Outdated);
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded: this program was compiled for another version of it. ").And.Contain("build again");
    }

    /// <summary>Compiles a library into the sample's folder.</summary>
    private void Compile(string library, string code, params string[] options)
    {
        string source = _folder["source.cpp"];
        File.WriteAllText(source, code);
        string compiler = Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } chosen ? chosen : "g++";
        var (status, _, error) = ChildProcess.Run(
            Limit, compiler, ["-shared", "-fPIC", source, "-o", library, .. options], start => start.WorkingDirectory = _folder["vae"]);
        status.Should().Be(0, error);
    }

    private string ErrorOfSample() => RunSample(hidesPackages: true).Error;

    private (string Output, string Error) RunSample(bool hidesPackages)
    {
        var (status, output, error) = ChildProcess.Run(Limit, "dotnet", [_folder["vae", "Vae.dll"], "--data", "digits", "--out", _folder["out"]], start =>
        {
            if (hidesPackages) start.Environment["NUGET_PACKAGES"] = start.Environment["HOME"] = _folder.Path;
        });
        status.Should().Be(1);
        error = error.TrimEnd();
        error.Should().NotContain("\n");
        return (output, error);
    }
}
