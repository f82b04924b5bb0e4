namespace GenModels.Tests.Models;

/// <summary>Models in streams, and what their files tell beside them.</summary>
public sealed class ModelStreamTests : IDisposable
{
    private static readonly VaeOptions Small = new() { ExampleShape = [6], Hidden = [4], LatentSize = 2 };
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_goes_through_a_stream_as_through_a_file()
    {
        using var vae = new Vae(Small);
        using var stream = new MemoryStream();
        stream.WriteByte(7);
        vae.Save(stream);
        vae.Save(_folder["vae"]);
        stream.ToArray()[1..].Should().Equal(File.ReadAllBytes(_folder["vae"]));

        stream.Position = 1;
        using var loaded = GenerativeModel.Load(stream);
        loaded.Sample(3, seed: 1).Values().Should().Equal(vae.Sample(3, seed: 1).Values());
        stream.CanRead.Should().BeTrue("it is its owner's");
    }

    [Fact]
    public void Metadata_of_ones_own_come_back()
    {
        using var vae = new Vae(Small);
        var metadata = new Dictionary<string, string> { ["scaling"] = """{"mean":[1,2]}""", ["über"] = "" };
        vae.Save(_folder["vae"], metadata);
        GenerativeModel.ReadMetadata(_folder["vae"]).Should().BeEquivalentTo(metadata);
        using var loaded = Vae.Load(_folder["vae"]);
        vae.Save(_folder["bare"]);
        GenerativeModel.ReadMetadata(_folder["bare"]).Should().BeEmpty();

        var taken = () => vae.Save(_folder["vae"], new Dictionary<string, string> { ["genmodels.options"] = "{}" });
        taken.Should().Throw<ArgumentException>().WithParameterName("metadata").WithMessage("*'genmodels.options'*");
        GenerativeModel.ReadMetadata(_folder["vae"]).Should().BeEquivalentTo(metadata, "the old file is still what it was");
    }

    [Fact]
    public void A_stream_of_something_else_is_told()
    {
        using var stream = new MemoryStream([1, 2, 3]);
        var load = () => GenerativeModel.Load(stream);
        load.Should().Throw<ModelFileException>().WithMessage("*'stream'*");
    }
}
