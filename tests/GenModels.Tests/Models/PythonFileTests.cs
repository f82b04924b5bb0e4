using GenModels.Tests.Safetensors;


namespace GenModels.Tests.Models;

/// <summary>Files that go from Python to GenModels and back; the scripts in the folder reference made and checked them.</summary>
public sealed class PythonFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    private sealed record Expected(float[] X, float[] Mean, float[] LogVariance, float[] Logits);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_state_dictionary_of_PyTorch_makes_the_same_VAE()
    {
        var expected = ReferenceFile.Read<Expected>("vae_from_pytorch.json.gz");
        using var vae = Small();
        vae.LoadState(Copy("vae_from_pytorch.safetensors"));

        var x = torch.tensor(expected.X, [4, 12]);
        using var posterior = vae.Encode(x);
        ShouldBeNear(posterior.Mean, expected.Mean);
        ShouldBeNear(posterior.LogVariance, expected.LogVariance);
        ShouldBeNear(vae.Reconstruct(x), [.. expected.Logits.Select(l => 1 / (1 + MathF.Exp(-l)))]);
    }

    [Fact]
    public void A_file_without_settings_is_loaded_by_LoadState_alone()
    {
        var load = () => Vae.Load(Copy("vae_from_pytorch.safetensors"));
        load.Should().Throw<ModelFileException>().WithMessage("*has no 'genmodels.format' in its metadata*LoadState reads files with nothing but tensors.");
    }

    [Fact]
    public void A_state_dictionary_of_another_network_is_refused()
    {
        using var narrow = new Vae(new VaeOptions { ExampleShape = [12], Hidden = [7], LatentSize = 3 });
        using var deep = new Vae(new VaeOptions { ExampleShape = [12], Hidden = [8, 8], LatentSize = 3 });
        using var shallow = new Vae(new VaeOptions { ExampleShape = [12], Hidden = [], LatentSize = 3 });
        foreach (var (vae, message) in new[]
        {
            (narrow, "*has the shape [8, 12] for 'encoder.0.weight'. Expected [7, 12], as in the model."),
            (deep, "*has the shape [6, 8] for 'encoder.1.weight'. Expected [8, 8], as in the model."),
            (shallow, "*has the shape [8, 12] for 'encoder.0.weight'. Expected [6, 12], as in the model."),
        })
        {
            var load = () => vae.LoadState(Copy("vae_from_pytorch.safetensors"));
            load.Should().Throw<ModelFileException>().WithMessage(message);
        }
    }

    [Fact]
    public void The_file_that_Python_has_checked_is_still_what_is_written()
    {
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["double"] = torch.tensor([0.1, -0.0, double.PositiveInfinity, double.Epsilon]).view(2, 2),
            ["long"] = torch.tensor(new long[] { long.MinValue, long.MaxValue }),
            ["float"] = torch.tensor([0f, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f]).view(1, 2, 3),
            ["int"] = torch.tensor(new long[] { int.MinValue, 7 }).to(torch.ScalarType.Int32),
            ["bytes"] = torch.tensor(new byte[] { 0, 1, 2, 3, 4 }),
            ["truth"] = torch.tensor(new[] { true, false, true }),
            ["scalar"] = torch.tensor(2.5f),
            ["empty"] = torch.zeros(0, 3),
            ["ünïcode \"name\""] = torch.ones(1),
        };
        var metadata = new Dictionary<string, string> { ["text"] = "ü\n", ["json"] = """{"a": "b\\"}""" };
        SafetensorsBytes.Written(tensors, metadata).Should().Equal(ReferenceFile.Bytes("golden.safetensors"));
    }

    [Fact]
    public void A_file_of_format_1_still_loads()
    {
        string path = Copy("autoencoder_format1.safetensors");
        using var model = Autoencoder.Load(path);
        model.Options.Should().Be(new AutoencoderOptions { ExampleShape = [2, 3], Hidden = [4], CodeSize = 2, TiedWeights = true, Seed = 7 });
        model.AnomalyThreshold.Should().Be(0.75);
        model.Density?.Weights.Should().Equal(0.25, 0.75);
        foreach (var (name, tensor) in model.State.Where(s => s.Key.StartsWith("encoder.", StringComparison.Ordinal)))
            tensor.Values().Should().Equal(Enumerable.Range(0, (int)tensor.numel()).Select(i => i / 8f), name);
    }

    private static Vae Small() => new(new VaeOptions { ExampleShape = [12], Hidden = [8], LatentSize = 3 });

    // Sums of at most 12 products, each rounded in single precision.
    private static void ShouldBeNear(torch.Tensor actual, float[] expected) =>
        actual.Values().Should().Equal(expected, (a, b) => Math.Abs(a - b) <= 1e-5 * (1 + Math.Abs(b)));

    private string Copy(string name)
    {
        File.WriteAllBytes(_folder[name], ReferenceFile.Bytes(name));
        return _folder[name];
    }
}
