using System.Text.Json;
using GenModels.Networks;
using GenModels.Reporting;

namespace GenModels.Tests.Samples;

public sealed class VaeSampleTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"genmodels-{Guid.NewGuid()}");

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_short_run_writes_its_figures_and_pictures()
    {
        var (status, output, error) = Run("--data", "digits", "--epochs", "2", "--hidden", "32", "16", "--out", _folder);
        (status, error).Should().Be((0, ""));
        output.Should().Contain("epoch 2");
        Directory.GetFiles(_folder).Select(Path.GetFileName).Should().BeEquivalentTo(
            "metrics.json", "history.csv", "checkpoint.safetensors", "samples.png", "reconstructions.png", "curves.svg", "model.safetensors", "report.html");
        File.ReadAllBytes(Path.Combine(_folder, "samples.png"))[..4].Should().Equal(0x89, (byte)'P', (byte)'N', (byte)'G');

        using var metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "metrics.json")));
        double Figure(string name) => metrics.RootElement.GetProperty(name).GetDouble();
        Figure("test.loss").Should().BeApproximately(Figure("test.reconstruction") + Figure("test.kl"), 1e-9);
        Figure("train.loss").Should().BePositive();
        Figure("seconds").Should().BePositive();
        Figure("examplesPerSecond").Should().BePositive();
        // The importance-weighted figure is the tighter bound, by far more than its error here.
        Figure("test.nll").Should().BeInRange(0, Figure("test.loss"));
        Figure("test.nll.samples").Should().Be(100);
        Figure("latent.activeUnits").Should().BeInRange(0, 20);
        File.ReadAllText(Path.Combine(_folder, "report.html")).Should().StartWith("<!DOCTYPE html>").And.Contain("model.Hidden")
            .And.Contain("[32, 16]").And.Contain("test.nll").And.Contain("<svg").And.Contain("data:image/png;base64,").And.NotContain("<script");
        var options = new VaeOptions { ExampleShape = [64], Hidden = [32, 16] };
        JsonSerializer.Deserialize<VaeOptions>(metrics.RootElement.GetProperty("model")).Should().Be(options);
        using var model = Vae.Load(Path.Combine(_folder, "model.safetensors"));
        model.Options.Should().Be(options);
    }

    [Fact]
    public void Pictures_in_color_are_learnt_as_8_bit_pixels()
    {
        string pictures = Path.Combine(_folder, "pictures");
        Directory.CreateDirectory(pictures);
        for (int i = 0; i < 24; i++)
            PngWriter.Save(Path.Combine(pictures, $"{i:D2}.png"), [.. Enumerable.Range(0, 4 * 4 * 3).Select(v => (byte)(5 * i + 40 * (v % 3)))], 4, 4);
        var (status, output, error) = Run(
            "--data", pictures, "--likelihood", "discretized-logistic-mixture", "--mixture-components", "2", "--hidden", "16", "--flip", "--shift", "1", "--epochs", "2", "--nll-samples", "3", "--out", _folder);
        (status, error).Should().Be((0, ""));
        output.Should().Contain("test.bitsPerDimension");
        using var metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "metrics.json")));
        double Figure(string name) => metrics.RootElement.GetProperty(name).GetDouble();
        Figure("test.bitsPerDimension").Should().BeApproximately(Figure("test.loss") / (48 * Math.Log(2)), 1e-9);
        Figure("test.nll.bitsPerDimension").Should().BeApproximately(Figure("test.nll") / (48 * Math.Log(2)), 1e-9);
        using var model = Vae.Load(Path.Combine(_folder, "model.safetensors"));
        model.Options.Likelihood.Should().Be(new DiscretizedLogisticMixtureLikelihood { Components = 2, Channels = 3 });
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void A_classifier_of_the_same_images_judges_the_samples()
    {
        using var classifier = new ImageClassifier(new ClassifierOptions { ExampleShape = [64], Hidden = new HiddenLayers { Widths = [16] } });
        classifier.Save(Path.Combine(_folder, "c.safetensors"));
        string[] common = ["--data", "digits", "--epochs", "1", "--hidden", "16", "--nll-samples", "0", "--out", _folder];
        Run([.. common, "--classifier", Path.Combine(_folder, "c.safetensors")]).Status.Should().Be(0);
        using var metrics = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "metrics.json")));
        foreach (string name in new[] { "frechetDistance", "kernelDistance", "precision", "recall", "density", "coverage", "classifierScore", "memorization.z" })
            double.IsFinite(metrics.RootElement.GetProperty(name).GetDouble()).Should().BeTrue(name);
        metrics.RootElement.TryGetProperty("test.nll", out _).Should().BeFalse();

        using var other = new ImageClassifier(new ClassifierOptions { ExampleShape = [9], Hidden = new HiddenLayers { Widths = [16] } });
        other.Save(Path.Combine(_folder, "c.safetensors"));
        var (status, _, error) = Run([.. common, "--classifier", Path.Combine(_folder, "c.safetensors")]);
        status.Should().Be(2);
        error.Should().Contain("classifies images of 9 pixels, expected 64");
    }

    [Fact]
    [Trait(Speed.Trait, Speed.Slow)]
    public void The_same_seed_writes_the_same_pictures()
    {
        byte[] Picture(string seed)
        {
            Run("--data", "digits", "--epochs", "1", "--hidden", "16", "--seed", seed, "--out", _folder).Status.Should().Be(0);
            return File.ReadAllBytes(Path.Combine(_folder, "samples.png"));
        }
        Picture("1").Should().Equal(Picture("1")).And.NotEqual(Picture("2"));
    }

    [Theory]
    [InlineData("--epochs is '-1', expected a whole number from 1 to 1000000", "--epochs", "-1")]
    [InlineData("--batch-size is '0', expected a whole number from 1 to 1000000", "--batch-size", "0")]
    [InlineData("'x'", "--epochs", "x")]
    [InlineData("'nowhere' is neither", "--data", "nowhere")]
    [InlineData("--nll-samples is '-1', expected a whole number from 0 to 1000000", "--data", "digits", "--nll-samples", "-1")]
    [InlineData("Beta is 2 with 3 importance samples", "--data", "digits", "--importance-samples", "3", "--beta", "2")]
    [InlineData("--latent-size is '0', expected a whole number from 1 to 10000", "--data", "digits", "--latent-size", "0")]
    [InlineData("--learning-rate is 'NaN', expected a number from 1E-08 to 10", "--data", "digits", "--learning-rate", "NaN")]
    [InlineData("'tpu'", "--device", "tpu")]
    [InlineData("--nonsense", "--nonsense")]
    public void Bad_arguments_are_one_line_and_status_two(string message, params string[] arguments)
    {
        var (status, output, error) = Run([.. arguments, "--out", _folder]);
        status.Should().Be(2);
        output.Should().BeEmpty();
        error.Should().StartWith("vae: ").And.Contain(message).And.Match(e => e.TrimEnd().Split('\n', StringSplitOptions.None).Length == 1);
    }

    [Fact]
    public void Text_in_the_place_of_images_is_named()
    {
        Directory.CreateDirectory(_folder);
        foreach (string name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
            File.WriteAllText(Path.Combine(_folder, name), "These are no images at all.\n");
        var (status, _, error) = Run("--data", _folder, "--out", _folder);
        status.Should().Be(2);
        error.Should().Contain("-images-idx3-ubyte").And.Contain("2051").And.Match(e => e.TrimEnd().Split('\n', StringSplitOptions.None).Length == 1);
    }

    private static (int Status, string Output, string Error) Run(params string[] arguments) => SampleProcess.Run("Vae", arguments);
}
