using System.Text.Json;

namespace GenModels.Tests.Samples;

public sealed class GanSampleTests : IDisposable
{
    private readonly SampleFolder _folder = new("Gan");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait(Speed.Trait, Speed.Slow)]
    [InlineData("ring", 8)]
    [InlineData("grid", 25)]
    [InlineData("moons", null)]
    [InlineData("digits", null)]
    public void A_short_run_writes_its_figures_and_pictures(string data, int? modes)
    {
        var (status, output, error) = _folder.Run("--data", data, "--epochs", "3", "--packing", "2", "--objective", "hinge");
        (status, error).Should().Be((0, ""));
        output.Should().Contain("epoch 3  right about ").And.NotContain("D(x)").And.NotContain("JS about", "the hinge loss trains no probability");
        _folder.Files.Should().BeEquivalentTo("metrics.json", "history.csv", "checkpoint.safetensors", data == "digits" ? "samples.png" : "samples.svg", "curves.svg", "model.safetensors");

        using var metrics = _folder.Metrics();
        var root = metrics.RootElement;
        foreach (string name in new[] { "train.discriminator_loss", "train.generator_loss", "test.accuracy_real", "test.accuracy_generated" })
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

    [Theory]
    [InlineData("nonsaturating", "test.js", @"epoch 1  D\(x\) 0\.\d\d  D\(G\(z\)\) 0\.\d\d  JS about -?0\.\d{3} nats  ")]
    [InlineData("leastsquares", "test.mean_real", @"epoch 1  D\(x\) 0\.\d\d  D\(G\(z\)\) 0\.\d\d  [a-z]")]
    [InlineData("wasserstein", "test.wasserstein", @"epoch 1  Wasserstein distance about -?\d[\d.E-]*  ")]
    public void A_run_reports_what_its_objective_tells(string objective, string figure, string line)
    {
        var (status, output, error) = _folder.Run("--data", "ring", "--epochs", "1", "--objective", objective);
        (status, error).Should().Be((0, ""));
        output.Should().MatchRegex(line);
        using var metrics = _folder.Metrics();
        double.IsFinite(metrics.RootElement.GetProperty(figure).GetDouble()).Should().BeTrue();
        metrics.RootElement.TryGetProperty("test.value", out _).Should().Be(objective == "nonsaturating");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
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

    [Fact]
    public void The_name_of_a_set_means_the_same_in_any_case()
    {
        _folder.Run("--data", "DIGITS", "--epochs", "1", "--objective", "HINGE").Status.Should().Be(0);
        using var metrics = _folder.Metrics();
        var root = metrics.RootElement;
        (root.GetProperty("data").GetString(), root.GetProperty("fit").GetProperty("BatchSize").GetInt32()).Should().Be(("digits", 64));
        var model = JsonSerializer.Deserialize<GanOptions>(root.GetProperty("model"));
        (model?.NoiseSize, model?.R1, model?.Objective).Should().Be((32, 1, GanObjective.Hinge));
    }
}
