using GenModels.Tests.Samples;

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
    public void Without_libtorch_there_is_one_line_that_says_what_to_install()
    {
        CopySample();
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded.").And.Contain("TorchSharp-cpu").And.Contain("libtorch-dev");
    }

    [Fact]
    public void A_libtorch_that_the_binding_needs_and_does_not_find_is_named()
    {
        if (!IsSystemBinding) return;
        CopySample();
        Compile("libtorch_none.so", "");
        Compile(Binding, "", "-Wl,--no-as-needed", "-L.", "-ltorch_none");
        File.Delete(_folder["libtorch_none.so"]);
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded: libtorch_none.so: ").And.Contain("libtorch-dev");
    }

    [Fact]
    public void Another_libtorch_than_the_binding_was_compiled_for_is_an_error_before_anything_else()
    {
        if (!IsSystemBinding) return;
        CopySample();
        Compile(Binding, Stranger);
        ErrorOfSample().Should().Be(
            "vae: libtorch could not be loaded: this program was compiled for libtorch 1.13.1, and this machine has libtorch 2.6.0; build it again here.");
    }

    [Fact]
    public void A_libtorch_that_lacks_what_the_binding_needs_is_told_as_another_version()
    {
        if (!IsSystemBinding) return;
        CopySample();
        Compile(Binding, Outdated);
        ErrorOfSample().Should().StartWith("vae: libtorch could not be loaded: this program was compiled for another version of it. ").And.Contain("build again");
    }

    private static bool IsSystemBinding => typeof(torch).Assembly.GetName().Name == "SystemTorch";

    private static bool IsNative(string path) =>
        Path.GetFileName(path).Contains("systemtorch.so", StringComparison.Ordinal) || Path.GetFileName(path).Contains("LibTorchSharp", StringComparison.Ordinal);

    /// <summary>Copies the sample without its native library.</summary>
    private void CopySample()
    {
        string source = Path.GetDirectoryName(SampleProcess.PathOf("Vae")) ?? "";
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories).Where(f => !IsNative(f)))
        {
            string target = _folder[Path.GetRelativePath(source, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? "");
            File.Copy(file, target);
        }
    }

    /// <summary>Compiles a library into the sample's folder.</summary>
    private void Compile(string library, string code, params string[] options)
    {
        string source = _folder["source.cpp"];
        File.WriteAllText(source, code);
        string compiler = Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } chosen ? chosen : "g++";
        var (status, _, error) = ChildProcess.Run(
            Limit, compiler, ["-shared", "-fPIC", source, "-o", library, .. options], start => start.WorkingDirectory = _folder.Path);
        status.Should().Be(0, error);
    }

    private string ErrorOfSample()
    {
        var (status, _, error) = ChildProcess.Run(Limit, "dotnet", [_folder["Vae.dll"], "--data", "digits", "--out", _folder.Path], start =>
        {
            // TorchSharp looks into the package folder as well.
            start.Environment["NUGET_PACKAGES"] = _folder.Path;
            start.Environment["HOME"] = _folder.Path;
        });
        status.Should().Be(1);
        error = error.TrimEnd();
        error.Should().NotContain("\n");
        return error;
    }
}
