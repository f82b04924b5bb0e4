using System.Text.Json;

namespace GenModels.Tests.Samples;

public sealed class GanSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Gan");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ring", 8)]
    [InlineData("grid", 25)]
    [InlineData("moons", null)]
    [InlineData("digits", null)]
    public void A_short_run_writes_its_figures_and_pictures(string data, int? modes)
    {
        var (status, output, error) = _folder.Run("--data", data, "--epochs", "3", "--packing", "2", "--objective", "hinge");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("epoch 3  D(x) ").And.Contain("D(G(z)) ").And.Contain("JS about ");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "checkpoint.safetensors", data == "digits" ? "samples.png" : "samples.svg", "curves.svg", "model.safetensors");

        using var metrics = _folder.Metrics();
        var root = metrics.RootElement;
        foreach (string name in new[] { "train.discriminator_loss", "train.generator_loss", "test.js", "test.mean_real", "test.mean_generated" })
            double.IsFinite(root.GetProperty(name).GetDouble()).Should().BeTrue();
        var health = JsonSerializer.Deserialize<GanHealth>(root.GetProperty("health"));
        health?.Steps.Should().BeGreaterThan(GanHealth.StepsBeforeJudging);
        output.Should().Contain($"{health}");
        var model = JsonSerializer.Deserialize<GanOptions>(root.GetProperty("model"));
        (model?.Packing, model?.Objective).Should().Be((2, GanObjective.Hinge));
        using (var loaded = _folder.Model()) loaded.Options.Should().Be(model);

        root.TryGetProperty("modes", out var found).Should().Be(modes is not null);
        if (modes is null) return;
        found.GetInt32().Should().Be(modes);
        root.GetProperty("modesCovered").GetInt32().Should().BeInRange(0, modes.Value);
        root.GetProperty("highQualityShare").GetDouble().Should().BeInRange(0, 1);
        root.GetProperty("highQualityCeiling").GetDouble().Should().BeApproximately(0.98889, 1e-5);
        root.GetProperty("reverseKl").GetDouble().Should().BeInRange(0, Math.Log(modes.Value));
    }

    [Fact]
    public void The_same_seed_writes_the_same_picture()
    {
        byte[] Picture(string seed)
        {
            _folder.Run("--epochs", "1", "--seed", seed).Status.Should().Be(0);
            return _folder.Read("samples.svg");
        }
        Picture("1").Should().Equal(Picture("1")).And.NotEqual(Picture("2"));
    }

    [Theory]
    [InlineData("--latent-size is '0', expected a whole number from 1 to 10000", "--latent-size", "0")]
    [InlineData("--packing is '0', expected a whole number from 1 to 100", "--packing", "0")]
    [InlineData("--r1 is '-1', expected a number from 0 to 1000000", "--r1", "-1")]
    [InlineData("'guess'", "--objective", "guess")]
    [InlineData("'nowhere' is neither", "--data", "nowhere")]
    [InlineData("--epochs is '0', expected a whole number from 1 to 1000000", "--epochs", "0")]
    public void Bad_arguments_are_one_line_and_status_two(string message, params string[] arguments)
    {
        var (status, output, error) = _folder.Run(arguments);
        (status, output).Should().Be((2, ""));
        error.Should().StartWith("gan: ").And.Contain(message);
        error.TrimEnd().Should().NotContain("\n");
    }
}
