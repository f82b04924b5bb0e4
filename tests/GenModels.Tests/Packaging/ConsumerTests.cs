namespace GenModels.Tests.Packaging;

/// <summary>Uses the package as its users do: from a new project, with nothing but the packages.</summary>
public sealed class ConsumerTests : IDisposable
{
    private const string Program = """
        using GenModels;
        using GenModels.Data;
        using GenModels.Training;

        var (train, _) = DataSets.Digits();
        var fit = new FitOptions { Epochs = 1 };
        using var vae = new Vae(new VaeOptions { ExampleShape = [64], Hidden = [32], LatentSize = 4 });
        using var autoencoder = new Autoencoder(new AutoencoderOptions { ExampleShape = [64], Hidden = [32], CodeSize = 4 });
        using var gan = new Gan(new GanOptions { ExampleShape = [64] });
        foreach (IGenerativeModel model in new IGenerativeModel[] { vae, autoencoder, gan })
        {
            var history = Trainer.Fit(model, train, fit);
            if (model is Autoencoder fitted) fitted.FitDensity(train);
            using var samples = model.Sample(5, seed: 1);
            Console.WriteLine($"{model.GetType().Name} {string.Join('x', samples.shape)} {double.IsFinite(history.Last.Train["loss"])}");
        }
        """;

    private const string SingleFile = """
        using GenModels;
        using GenModels.Data;
        using GenModels.Training;

        var (train, test) = DataSets.Digits();
        using var vae = new Vae(new VaeOptions { ExampleShape = [64], Hidden = [32], LatentSize = 4 });
        TrainingHistory Fit(int epochs) => Trainer.Fit(
            vae, train, new FitOptions { Epochs = epochs }, test, checkpoints: new CheckpointOptions { Folder = "run", Resume = true });
        Fit(1);
        var resumed = Fit(2);
        vae.Save("model.safetensors");
        using var loaded = Vae.Load("model.safetensors");
        using var samples = loaded.Sample(5, seed: 1);
        Console.WriteLine($"{resumed.ResumedFrom?.Epoch} {resumed.Epochs.Count} {string.Join('x', samples.shape)}");
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void A_new_project_adds_the_package_and_trains_every_model()
    {
        string version = Pack(), project = _folder["consumer"];
        Dotnet(_folder.Path, "new", "console", "-o", project);
        Dotnet(project, "add", "package", "GenModels", "--version", version);
        if (NativeLibraryFile.IsTorchSharps) Dotnet(project, "add", "package", "TorchSharp-cpu", "--version", TorchVersion);
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);

        string output = Dotnet(project, "run", "-c", "Release", "-p:UseCurrentRuntimeIdentifier=true");
        // Above them stand warnings of the build, such as those of an audit of TorchSharp's dependencies.
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(3).Should().Equal(
            "Vae 5x64 True", "Autoencoder 5x64 True", "Gan 5x64 True");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void A_single_file_trains_resumes_saves_and_loads()
    {
        string version = Pack();
        string[] packages = NativeLibraryFile.IsTorchSharps ? [$"GenModels@{version}", $"TorchSharp-cpu@{TorchVersion}"] : [$"GenModels@{version}"];
        File.WriteAllText(_folder["app.cs"], $"{string.Concat(packages.Select(p => $"#:package {p}\n"))}#:property UseCurrentRuntimeIdentifier=true\n{SingleFile}");
        Dotnet(_folder.Path, "run", "app.cs").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].Should().Be("2 2 5x64");
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    public void The_binding_packs_its_native_library_for_the_machine_it_is_built_on(string machine) =>
        Dotnet(Repository.Root, "msbuild", "src/SystemTorch", "-getItem:None", "-p:TorchBinding=system", $"-p:NETCoreSdkPortableRuntimeIdentifier={machine}")
            .Should().Contain($"\"PackagePath\": \"runtimes/{machine}/native\"");

    /// <summary>Packs the library, makes the packages the only source of the folder's projects, and gives their version.</summary>
    private string Pack()
    {
        string packages = _folder["packages"];
        foreach (string library in NativeLibraryFile.IsTorchSharps ? new[] { "GenModels" } : ["GenModels", "SystemTorch"])
            Dotnet(Repository.Root, "pack", $"src/{library}", "-c", "Release", "-o", packages);
        File.WriteAllText(_folder["nuget.config"], $"""
            <configuration>
              <packageSources><add key="packed" value="{packages}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{_folder["cache"]}" /></config>
              {(NativeLibraryFile.IsTorchSharps ? $"""<fallbackPackageFolders><add key="installed" value="{GlobalPackages}" /></fallbackPackageFolders>""" : "")}
            </configuration>
            """);
        string version = Path.GetFileNameWithoutExtension(Directory.GetFiles(packages, "GenModels.0*.nupkg").Single())["GenModels.".Length..];
        version.EndsWith("-system", StringComparison.Ordinal).Should().Be(!NativeLibraryFile.IsTorchSharps);
        return version;
    }

    // libtorch itself is large, and no part of what is tested.
    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string TorchVersion => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "";

    private static string Dotnet(string folder, params string[] arguments)
    {
        var (status, output, error) = ChildProcess.Run(Limit, "dotnet", arguments, start =>
        {
            start.WorkingDirectory = folder;
            // The test host's own settings must not reach the consumer's build.
            foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
                start.Environment.Remove(name);
        });
        status.Should().Be(0, "{0}\n{1}", output, error);
        return output;
    }
}
