
namespace GenModels.Tests.Models;

/// <summary>Programs in which JSON serialization by reflection is disabled, as it is by default in <c>dotnet run app.cs</c>.</summary>
public sealed class WithoutReflectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_train_stop_resume_save_and_load_and_own_settings_without_a_context_are_told_what_to_do()
    {
        using var program = new SingleFileProgram("all", _folder.Path);
        var (status, output, error) = program.Finish();
        error.Should().BeEmpty();
        status.Should().Be(0);
        // Cancelled after 3 + 2 steps, and resumed to 9; then settings and samples of what was loaded are those of what was saved.
        output[..5].Should().Equal("vae 5 9 True True", "autoencoder 5 9 True True", "gan 5 9 True True", "own 5 9 True True", "classifier True");
        output[5..].Should().HaveCount(3).And.OnlyContain(line => line.EndsWith(
            "put [SerializerContext(typeof(MyJson))] on UnpreparedOptions, and declare [JsonSerializable(typeof(UnpreparedOptions))] partial class MyJson : JsonSerializerContext;"));
        output[5..].Select(line => line.Split(':')[0]).Should().Equal("save", "train", "load");

        // What is saved there can be loaded here, and is the same to the byte.
        foreach (string name in new[] { "vae", "autoencoder", "gan" })
        {
            using var model = GenerativeModel.Load(_folder[$"{name}.safetensors"]);
            model.Save(_folder["again"]);
            File.ReadAllBytes(_folder["again"]).Should().Equal(File.ReadAllBytes(_folder[$"{name}.safetensors"]), name);
        }
        using var classifier = ImageClassifier.Load(_folder["classifier.safetensors"]);
    }
}
