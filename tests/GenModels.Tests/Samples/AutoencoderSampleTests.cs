using System.Text;
using System.Text.Json;

namespace GenModels.Tests.Samples;

public sealed class AutoencoderSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Autoencoder");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData("1", "gaussian")]
    [InlineData("2", "masking")]
    [InlineData("5", "none")]
    public void A_short_run_writes_its_figures_and_pictures(string codeSize, string corruption)
    {
        var (status, output, error) = _folder.Run(
            "--epochs", "2", "--hidden", "32", "16", "--code-size", codeSize, "--corruption", corruption, "--components", "3", "--tied");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("epoch 2").And.Contain("held-out images are reconstructed worse");
        _folder.Files.Should().BeEquivalentTo(
            "metrics.json", "history.csv", "checkpoint.safetensors", "samples.png", "reconstructions.png", "anomalies.png", "codes.svg", "curves.svg", "model.safetensors");
        string codes = Encoding.UTF8.GetString(_folder.Read("codes.svg"));
        for (int digit = 0; digit < 10; digit++) codes.Should().Contain($">{digit}</text>");

        using var metrics = _folder.Metrics();
        double Figure(string name) => metrics.RootElement.GetProperty(name).GetDouble();
        foreach (string name in new[] { "train.loss", "test.loss", "anomaly.threshold", "seconds", "examplesPerSecond" }) Figure(name).Should().BePositive();
        Figure("anomaly.share").Should().BeInRange(0, 1);
        var model = JsonSerializer.Deserialize<AutoencoderOptions>(metrics.RootElement.GetProperty("model"));
        (model?.CodeSize, model?.TiedWeights, model?.Corruption).Should().Be((int.Parse(codeSize), true, corruption switch
        {
            "gaussian" => new GaussianCorruption(),
            "masking" => new MaskingCorruption(),
            _ => (Corruption?)null,
        }));
        using var loaded = (Autoencoder)_folder.Model();
        loaded.Options.Should().Be(model);
        loaded.AnomalyThreshold.Should().Be(Figure("anomaly.threshold"));
        loaded.Density?.Components.Should().Be(3);
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void The_same_seed_writes_the_same_pictures()
    {
        (byte[] Samples, byte[] Codes) Pictures(string seed)
        {
            _folder.Run("--epochs", "1", "--hidden", "16", "--seed", seed).Status.Should().Be(0);
            return (_folder.Read("samples.png"), _folder.Read("codes.svg"));
        }
        var (first, again, other) = (Pictures("1"), Pictures("1"), Pictures("2"));
        first.Should().BeEquivalentTo(again);
        first.Samples.Should().NotEqual(other.Samples);
        first.Codes.Should().NotEqual(other.Codes);
    }

    [Theory]
    [InlineData("--code-size is '0', expected a whole number from 1 to 500", "--code-size", "0")]
    [InlineData("--components is '0', expected a whole number from 1 to 500", "--components", "0")]
    [InlineData("'blur'", "--corruption", "blur")]
    [InlineData("'nowhere' is neither", "--data", "nowhere")]
    public void Bad_arguments_are_one_line_and_status_two(string message, params string[] arguments)
    {
        var (status, output, error) = _folder.Run(arguments);
        (status, output).Should().Be((2, ""));
        error.Should().StartWith("autoencoder: ").And.Contain(message);
        error.TrimEnd().Should().NotContain("\n");
    }
}
